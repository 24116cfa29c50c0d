import Testing

@testable import RunnerConfig

@Suite struct ConfigValueTests {
    @Test(arguments: [
        ("500ms", 500), ("30s", 30_000), ("15m", 900_000), ("1h", 3_600_000), ("7d", 604_800_000), ("1m30s", 90_000),
        ("1d2h3m4s5ms", 93_784_005), ("0s", 0), ("007s", 7000),
    ])
    func `reads durations`(text: String, milliseconds: Int) throws {
        #expect(try DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "s", "30", "-1s", "1.5s", "1 s", "1S", "30s1m", "1m1m", "1ms1s", "1s ", "1w", "99999999999999999999s",
        "9223372036854775807d",
    ])
    func `refuses other durations`(text: String) {
        #expect(throws: ConfigValueError.self) { try DurationText.parse(text) }
    }

    @Test(arguments: [0, 1, 999, 1000, 61_000, 3_600_000, 90_061_001])
    func `writes durations that read back`(milliseconds: Int) throws {
        let duration = Duration.milliseconds(milliseconds)
        #expect(try DurationText.parse(DurationText.text(duration)) == duration)
    }

    @Test(
        arguments: [
            ("0", 0), ("1048576", 1 << 20), ("1b", 1), ("64k", 64 << 10), ("512m", 512 << 20), ("2G", 2 << 30),
            ("2gb", 2 << 30),
            ("2GiB", 2 << 30), ("1t", 1 << 40), ("512Mi", 512 << 20),
        ] as [(String, Int64)])
    func `reads sizes`(text: String, bytes: Int64) throws {
        #expect(try ByteSizeText.parse(text) == bytes)
    }

    @Test(arguments: ["", "m", "1.5g", "-1", "1 g", "1p", "1gg", "1mm", "9223372036854775808", "9999999999t"])
    func `refuses other sizes`(text: String) {
        #expect(throws: ConfigValueError.self) { try ByteSizeText.parse(text) }
    }

    @Test(arguments: [
        ("SIGTERM", "SIGTERM"), ("term", "SIGTERM"), ("sigusr1", "SIGUSR1"), ("15", "SIGTERM"), ("9", "SIGKILL"),
        ("34", "SIGRTMIN"),
        ("37", "SIGRTMIN+3"), ("SIGRTMIN+3", "SIGRTMIN+3"), ("RTMAX-2", "SIGRTMAX-2"), ("64", "SIGRTMAX"),
        ("50", "SIGRTMAX-14"),
    ])
    func `reads signals`(text: String, name: String) throws {
        #expect(try SignalName.parse(text) == name)
    }

    @Test(arguments: [
        "", "SIG", "0", "32", "33", "65", "-1", "SIGFOO", "SIGSIGTERM", "RTMIN+0", "RTMIN+16", "RTMIN+03", "RTMAX+1",
        "99999999999999999999",
    ])
    func `refuses other signals`(text: String) {
        #expect(throws: ConfigValueError.self) { try SignalName.parse(text) }
    }

    @Test(arguments: [
        ("3000", ["3000"]), ("03000", ["3000"]), ("8080:3000", ["8080:3000"]), ("auto:3000", ["auto:3000"]),
        ("22:22", ["22"]),
        ("8000-8002", ["8000", "8001", "8002"]), ("9000-9001:80-81", ["9000:80", "9001:81"]),
        ("auto:80-81", ["auto:80", "auto:81"]),
        ("1", ["1"]), ("65535", ["65535"]), ("7-7", ["7"]), ("100-131", (100...131).map(String.init)),
    ])
    func `reads ports`(text: String, ports: [String]) throws {
        #expect(PortSpec.parse(text)?.map(\.description) == ports)
    }

    @Test(arguments: [
        "", ":", "0", "65536", "-1", "+1", "1.5", "a", "80:", ":80", "80:80:80", "127.0.0.1:80:80", "80/tcp", "auto",
        "auto:", "80:auto",
        "AUTO:80", "8003-8000", "1-33", "80-:80", "-80", "80-81:80", "80:80-81", "1-2-3", "99999999999999999999", "٣",
    ])
    func `refuses other ports`(text: String) {
        #expect(PortSpec.parse(text) == nil)
    }

    @Test(arguments: [
        ("Dockerfile", "", "Dockerfile"), ("./Dockerfile", "", "Dockerfile"), ("Dockerfile", "a/b", "a/b/Dockerfile"),
        ("../x", "a/b", "a/x"), ("../../x", "a/b", "x"), ("../../../x", "a/b", nil), ("..", "", nil),
        ("/x", "a/b", "x"),
        ("/../x", "a", nil), ("/", "a", ""), (".", "a", "a"), (".", "", ""), ("a//b/./c/", "", "a/b/c"),
        ("a/../../b", "", nil),
        ("x", "/a/", "a/x"), ("..x", "a", "a/..x"), ("a/..", "", ""),
    ])
    func `resolves paths inside the repository alone`(path: String, directory: String, resolved: String?) {
        #expect(resolveRepositoryPath(path, from: directory) == resolved)
    }

    @Test(arguments: ["127.0.0.1", "127.255.0.9:80", "localhost", "LOCALHOST:1", "[::1]", "[::1]:8080"])
    func `knows loopback hosts`(text: String) throws {
        #expect(try HostName.parse(text).isLoopback)
    }

    @Test(arguments: [
        "127.evil.com", "127.0.0.1.evil.com", "localhost.evil.com", "10.0.0.1", "github.com", "[::2]", "128.0.0.1",
    ])
    func `knows other hosts`(text: String) throws {
        #expect(try !HostName.parse(text).isLoopback)
    }

    @Test(arguments: [
        "", ":80", "a:", "a:0", "a:65536", "a:x", "a b", "a@b", "a/b", "-a", "a-", "a..b", "a.", ".a", "127.0.0.256",
        "127.1", "127.0.0.01",
        "2130706433", "::1", "[::1", "[::1]x", "[g::]", "ä.com", "a_b",
    ])
    func `refuses what is no host`(text: String) {
        #expect(throws: ConfigValueError.self) { try HostName.parse(text) }
    }

    @Test(arguments: [
        ("::", true), ("::1", true), ("1::", true), ("1:2:3:4:5:6:7:8", true), ("1:2:3:4:5:6:1.2.3.4", true),
        ("::ffff:1.2.3.4", true),
        ("fe80::1:2", true), ("", false), (":", false), (":::", false), ("1::2::3", false), ("1:2:3:4:5:6:7", false),
        ("1:2:3:4:5:6:7:8:9", false), ("1:2:3:4:5:6:7::8", false), ("12345::", false), ("g::", false),
        ("1.2.3.4::", false), ("::1.2.3.256", false),
        ("fe80::1%eth0", false),
    ])
    func `knows IPv6 addresses`(text: String, isAddress: Bool) {
        #expect(IPAddress.isVersion6(text) == isAddress)
    }

    @Test func `a secret never shows its value`() {
        let secret = Secret("canary")
        var dumped = ""
        dump([secret: secret], to: &dumped)
        for text in [
            "\(secret)", String(reflecting: secret), String(describing: TokenSource.value(secret)), "\([secret])",
            dumped,
        ] {
            #expect(!text.contains("canary"))
        }
        #expect(String(describing: secret) == "<redacted>")
    }
}

import Testing

@testable import GitHubSource

@Suite struct GitHubNamesTests {
    @Test(arguments: [
        "main", "feature/login", "v1.0", "a.b", "refs/heads/x", "ünicode", "a@b", String(repeating: "r", count: 255),
    ])
    func `accepts what git accepts as a reference`(_ name: String) {
        #expect(GitHubNames.isReference(name))
    }

    @Test(arguments: [
        "", "@", "-x", ".x", "a/.x", "a..b", "a.", "a/", "/a", "a//b", "a.lock", "a.lock/b", "a b", "a~", "a^", "a:",
        "a?", "a*",
        "a[", "a\\", "a@{b", "a\u{7F}", "a\u{0}", "-\u{301}x", String(repeating: "r", count: 256),
    ])
    func `refuses what git refuses as a reference`(_ name: String) {
        #expect(!GitHubNames.isReference(name))
    }
}

@Suite struct HTTPDateTests {
    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Fri, 31 Dec 2100 12:00:00 GMT", 4_133_937_600),
    ])
    func `counts seconds since 1970`(_ text: String, _ seconds: Int64) {
        #expect(HTTPDate.secondsSinceEpoch(text) == seconds)
    }

    @Test(arguments: [
        "", "yesterday", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 8:49 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
    ])
    func `refuses other forms`(_ text: String) {
        #expect(HTTPDate.secondsSinceEpoch(text) == nil)
    }
}

@Suite struct SafeTextTests {
    @Test func `removes secrets by value and by shape`() {
        let text = "bad: s3cr+t s3cr%2Bt ghp_abc url?token=abc github_pat_11A \u{1B}[31m\u{202E}"
        let shown = SafeText.remote(text, secrets: ["s3cr+t"])
        for secret in ["s3cr", "abc", "11A", "\u{1B}", "\u{202E}"] { #expect(!shown.contains(secret), "\(shown)") }
        #expect(shown.hasPrefix("bad: "))
    }

    @Test func `bounds what a server said`() {
        #expect(
            SafeText.plain(String(repeating: "x", count: 1 << 20)).unicodeScalars.count == SafeText.characterLimit + 1)
    }
}

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("https://h/b", "https://h/b"), ("/b?c=d", "https://a.example/b?c=d"), ("//h/b", "https://h/b"),
        ("http://h:80/b", "http://h/b"), ("https://[::1]:8080/b", "https://[::1]:8080/b"),
    ])
    func `resolves the redirects that servers send`(_ location: String, _ expected: String) throws {
        let base = try #require(WebAddress("https://a.example/x?token=1"))
        #expect(base.resolving(location: location)?.text == expected)
    }

    @Test(arguments: [
        "", "b", "ftp://h/b", "file:///etc/passwd", "gopher://h/", "https://", "https://h/ b", "https://h/\u{E9}",
    ])
    func `refuses redirects that it cannot read without doubt`(_ location: String) throws {
        let base = try #require(WebAddress("https://a.example/x"))
        #expect(base.resolving(location: location) == nil)
    }

    @Test(arguments: [
        ("http://127.0.0.1:80", true), ("http://127.1.2.3", true), ("http://localhost", true), ("http://[::1]:9", true),
        ("http://127.0.0.1.evil.example", false), ("http://127.0.0.256", false), ("http://10.0.0.1", false),
        ("http://127.1", false),
    ])
    func `knows loopback`(_ text: String, _ expected: Bool) throws {
        #expect(try #require(WebAddress(text)).isLoopback == expected)
    }
}

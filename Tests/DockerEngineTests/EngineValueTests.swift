import Testing

@testable import DockerEngine

@Suite struct EngineTimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-23T22:49:02.837724252Z", 1_795_474_142_837_724_252),
            ("2026-11-23T23:49:02.8+01:00", 1_795_474_142_800_000_000),
            ("2024-02-29T12:00:00.123456789012Z", 1_709_208_000_123_456_789),
        ] as [(String, Int64)])
    func `reads a time`(text: String, nanoseconds: Int64) {
        #expect(EngineTimestamp(rfc3339: text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "0001-01-01T00:00:00Z", "", "2026-11-23", "2026-13-01T00:00:00Z", "2026-11-23T22:49:02",
        "2026-11-23T22:49:02.Z",
        "2026-11-23T22:49:02Zx", "9999-01-01T00:00:00Z",
    ])
    func `refuses what is none`(text: String) {
        #expect(EngineTimestamp(rfc3339: text) == nil)
    }

    @Test func `writes nine digits`() {
        let time = EngineTimestamp(nanoseconds: 1_795_474_142_000_000_042)
        #expect(time.parameter == "1795474142.000000042")
        #expect(time.wholeSeconds == "1795474142")
    }
}

@Suite struct ImageReferenceTests {
    @Test(arguments: [
        ("node", "node", "latest"), ("node:18", "node", "18"), ("host:5000/a/b", "host:5000/a/b", "latest"),
        ("host:5000/a/b:c", "host:5000/a/b", "c"), ("a/b@sha256:00", "a/b", "sha256:00"),
        ("a/b:c@sha256:00", "a/b", "sha256:00"),
    ])
    func `splits a reference`(text: String, name: String, version: String) {
        let reference = ImageReference(text)
        #expect(reference?.name == name)
        #expect(reference?.version == version)
    }

    @Test(arguments: ["", ":x", "a:", "a b", "a\n", "@sha256:0"])
    func `refuses what is none`(text: String) {
        #expect(ImageReference(text) == nil)
    }
}

@Suite struct RegistryAuthTests {
    @Test func `uses the alphabet Docker reads and hides itself`() throws {
        let auth = RegistryAuth(username: "u", password: "p?>~p~~", serverAddress: "host:5000")
        let header = try auth.pullHeader()
        #expect(!header.contains("+") && !header.contains("/"))
        #expect("\(auth)" == "<redacted>")
        #expect(String(reflecting: auth) == "<redacted>")
        // {"host:5000":{"password":"p?>~p~~","username":"u"}}
        #expect(
            try RegistryAuth.buildHeader([auth])
                == "eyJob3N0OjUwMDAiOnsicGFzc3dvcmQiOiJwPz5-cH5-IiwidXNlcm5hbWUiOiJ1In19")
    }
}

@Suite struct ImagePullFailureTests {
    @Test(arguments: [
        ("manifest for x:nope not found: manifest unknown: manifest unknown", ImagePullFailure.Kind.notFound),
        ("failed to resolve reference \"x:nope\": x:nope: not found", .notFound),
        ("unauthorized: authentication required", .unauthorized), ("no basic auth credentials", .unauthorized),
        ("Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host", .network),
        ("http: server gave HTTP response to HTTPS client", .network), ("toomanyrequests: slow down", .rateLimited),
        ("write: no space left on device", .noSpace), ("what", .other),
    ])
    func `classifies what registries say`(text: String, kind: ImagePullFailure.Kind) {
        #expect(ImagePullFailure(reference: "x", message: text).kind == kind)
    }
}

@Suite struct BuildRequestTests {
    private func query(_ request: BuildRequest, _ kind: EngineInfo.Kind) throws -> [String] {
        try request.query(for: kind).map { "\($0.name)=\($0.value)" }
    }

    @Test func `asks each engine for what it can do`() throws {
        var request = BuildRequest(tags: ["a:1", "b:2"])
        request.buildArgs = ["Z": "1", "A": "x y"]
        request.labels = ["l": "v"]
        request.target = "prod"
        request.platform = "linux/amd64"
        request.noCache = true
        request.pull = true
        request.memoryBytes = 5
        let common = [
            "t=a:1", "t=b:2", "dockerfile=Dockerfile", "rm=1", "forcerm=1", #"buildargs={"A":"x y","Z":"1"}"#,
            #"labels={"l":"v"}"#, "target=prod", "platform=linux/amd64", "nocache=1",
        ]
        #expect(try query(request, .docker) == common + ["version=2"])
        let plain = common + ["pull=1", "memory=5", "memswap=5"]
        #expect(try query(request, .podman) == plain)
        request.builder = .classic
        #expect(try query(request, .docker) == plain)
    }
}

import GitHubSource
import TestSupport
import Testing

@Suite(.sharedGitHub) struct ArchiveDownloadTests {
    @Test(arguments: ["chunked", "length", "close"])
    func `downloads a commit once and then asks nobody`(_ framing: String) async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            try github.set("behaviour.json", to: "[{\"on\": \"archive\", \"framing\": \"\(framing)\"}]")
            let source = try await github.resolve()
            let first = try await github.archive(of: source)
            #expect(first.cached == false)
            #expect(try readFile(first.path).prefix(2) == [0x1F, 0x8B])
            let requests = try github.requests()
            let name = "\(github.owner)/demo"
            #expect(requests.suffix(2).map(\.port) == ["api", "codeload"])
            #expect(
                requests.suffix(2).map(\.path) == [
                    "/repos/\(name)/tarball/\(commit)", "/\(name)/legacy.tar.gz/\(commit)",
                ])
            let second = try await github.archive(of: source)
            #expect(second.cached)
            #expect(second.path == first.path)
            #expect(try github.requests() == requests)
        }
    }

    @Test func `shows the token to the API alone`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("private")
            let source = try await github.resolve(token: SharedGitHub.token)
            _ = try await github.archive(of: source, token: SharedGitHub.token)
            let requests = try github.requests()
            let archiveRequests = requests.filter { $0.port == "codeload" }
            #expect(archiveRequests.count == 1)
            for request in archiveRequests {
                #expect(request.headers["authorization"] == nil)
                #expect(!"\(request)".contains("CANARY"))
            }
            #expect(requests.filter { $0.port == "api" }.allSatisfy { $0.headers["authorization"] != nil })
        }
    }

    @Test(arguments: [
        "https://evil.example/x.tar.gz?token=SHORTLIVED", "http://127.0.0.1:1/x?token=SHORTLIVED", "//localhost/x",
    ])
    func `refuses a redirect to a host that is not listed`(_ location: String) async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: "[{\"on\": \"tarball\", \"location\": \"\(location)\"}]")
            let source = try await github.resolve()
            let error = await #expect(throws: SourceError.self) { try await github.archive(of: source) }
            #expect(error?.code == "UNSUPPORTED_HOST")
            #expect(error?.hint?.contains("archiveHosts") == true)
            #expect(error?.text.contains("SHORTLIVED") == false)
        }
    }

    @Test func `does not give the token back to the API after a detour`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("private")
            // The API is not an archive host here, so the way back ends.
            try github.set(
                "behaviour.json",
                to: "[{\"on\": \"archive\", \"location\": \"\(github.server.api)/repos/\(github.owner)/demo\"}]")
            let source = try await github.resolve(token: SharedGitHub.token)
            let before = try github.requests().count
            let error = await #expect(throws: SourceError.self) {
                try await github.archive(of: source, token: SharedGitHub.token)
            }
            #expect(error?.code == "UNSUPPORTED_HOST")
            #expect(try github.requests().count == before + 2)
        }
    }

    @Test func `ends a ring of redirects`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set(
                "behaviour.json",
                to:
                    "[{\"on\": \"archive\", \"location\": \"\(github.server.codeload)/\(github.owner)/demo/legacy.tar.gz/main\"}]"
            )
            let source = try await github.resolve()
            let error = await #expect(throws: SourceError.self) { try await github.archive(of: source) }
            #expect(error?.code == "GITHUB_UNAVAILABLE")
            #expect(try github.requests().filter { $0.port == "codeload" }.count == 5)
        }
    }

    @Test(arguments: ["chunked", "length"])
    func `starts a cut download again from the API`(_ framing: String) async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let source = try await github.resolve()
            let whole = try await readFile(github.archive(of: source).path)
            github.cache.drop(source)
            try github.set(
                "behaviour.json",
                to: "[{\"on\": \"archive\", \"framing\": \"\(framing)\", \"cut\": 100, \"times\": 2}]")
            let archive = try await github.archive(of: source)
            #expect(try readFile(archive.path) == whole)
            #expect(await github.waits.all.count == 2)
            #expect(try github.requests().filter { $0.path.contains("/tarball/") }.count == 4)
        }
    }

    @Test func `fails when every download is cut and leaves nothing behind`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: #"[{"on": "archive", "cut": 100}]"#)
            let source = try await github.resolve()
            let error = await #expect(throws: SourceError.self) { try await github.archive(of: source) }
            #expect(error?.code == "NETWORK")
            #expect(error?.retryable == true)
            // The next use of the cache comes after the removal.
            await #expect(throws: SourceError.self) { try await github.archive(of: source) }
            #expect(try names(in: "\(github.directory)/cache").count <= 1)
        }
    }

    @Test func `begins at the API again when the archive's address has expired`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: #"[{"on": "archive", "status": 404, "times": 1}]"#)
            let source = try await github.resolve()
            #expect(try await github.archive(of: source).cached == false)
            #expect(try github.requests().filter { $0.path.contains("/tarball/") }.count == 2)
        }
    }

    @Test(arguments: [
        (#"{"preset": "html"}"#, "GITHUB_UNAVAILABLE", "text/html"),
        (
            #"{"status": 200, "body": "no archive", "headers": {"content-type": "application/x-gzip"}}"#,
            "ARCHIVE_INVALID", "gzip"
        ),
        (#"{"status": 200, "body": ""}"#, "ARCHIVE_INVALID", "gzip"),
    ])
    func `refuses what is no archive`(_ rule: String, _ code: String, _ reason: String) async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: "[{\"on\": \"archive\", \(rule.dropFirst())]")
            let source = try await github.resolve()
            let error = await #expect(throws: SourceError.self) { try await github.archive(of: source) }
            #expect(error?.code == code)
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        }
    }

    @Test(arguments: ["chunked", "length"])
    func `refuses an archive over the limit`(_ framing: String) async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: "[{\"on\": \"archive\", \"framing\": \"\(framing)\"}]")
            let source = try await github.resolve()
            let error = await #expect(throws: SourceError.self) {
                try await github.archive(of: source, limitBytes: 200)
            }
            #expect(error?.code == "ARCHIVE_TOO_LARGE")
            #expect(error?.limit == "archiveBytes")
        }
    }

    @Test func `ends a slow download when its task is cancelled, and keeps nothing of it`() async throws {
        try await GitHubFixture.run { github in
            var generator = SystemRandomNumberGenerator()
            let noise = (0..<100_000).map { _ in String(generator.next(), radix: 36) }.joined()
            try await github.addRepository(file: noise)
            try github.set("behaviour.json", to: #"[{"on": "archive", "stall": 600000}]"#)
            let source = try await github.resolve()
            let (arrived, arrival) = AsyncStream<Void>.makeStream()
            let task = Task {
                try await github.cache.archive(for: source) { writer in
                    try await github.client.downloadArchive(
                        source, limitBytes: 8 << 20, progress: { _, _ in arrival.finish() }, to: writer)
                }
            }
            for await _ in arrived {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try github.set("behaviour.json", to: "[]")
            #expect(try await github.archive(of: source, limitBytes: 8 << 20).cached == false)
            #expect(try names(in: "\(github.directory)/cache").count == 1)
        }
    }

    @Test func `tells the progress of a download`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: #"[{"on": "archive", "framing": "length"}]"#)
            let source = try await github.resolve()
            let (steps, continuation) = AsyncStream<[Int64?]>.makeStream()
            let archive = try await github.cache.archive(for: source) { writer in
                try await github.client.downloadArchive(
                    source, limitBytes: 1 << 20, progress: { continuation.yield([$0, $1]) }, to: writer)
            }
            continuation.finish()
            let size = Int64(try readFile(archive.path).count)
            var last: [Int64?] = []
            for await step in steps { last = step }
            #expect(last == [size, size])
        }
    }

    @Test func `downloads once for many that want the same`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let source = try await github.resolve()
            let downloads = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 { group.addTask { try await github.archive(of: source).cached } }
                return try await group.reduce(into: 0) { count, cached in count += cached ? 0 : 1 }
            }
            #expect(downloads == 1)
            #expect(try github.requests().filter { $0.port == "codeload" }.count == 1)
        }
    }
}

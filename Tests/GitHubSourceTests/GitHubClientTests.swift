import GitHubSource
import HTTPTransport
import RunnerConfig
import TestSupport
import Testing

@Suite(.sharedGitHub) struct GitHubClientTests {
    @Test func `resolves the default branch to a commit`() async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            let source = try await github.resolve()
            #expect(source.commit == commit)
            #expect(source.ref == "main")
            #expect(source.defaultBranch == "main")
            #expect(source.fullName == "\(github.owner)/demo")
            #expect(source.isPrivate == false)
            #expect(source.warnings == [])
        }
    }

    @Test(arguments: [
        "tree/feature/login/sub/", "tree/feature%2Flogin/sub", "tree/refs/heads/feature/login/sub",
        "blob/feature/login/sub/a.txt",
    ])
    func `finds a branch with slashes`(_ path: String) async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let commit = try await github.addRepository(branch: "feature/login", file: "other")
            let source = try await github.resolve("demo/\(path)")
            #expect(source.commit == commit)
            #expect(source.ref.hasSuffix("feature/login"))
            #expect(source.directory == "sub")
        }
    }

    @Test func `finds a commit by its id and by its beginning`() async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            #expect(try await github.resolve("demo/tree/\(commit)/sub").commit == commit)
            #expect(try await github.resolve("demo/tree/\(commit.prefix(8))/sub").commit == commit)
        }
    }

    @Test func `prefers a branch with slashes to a commit that begins like it`() async throws {
        try await GitHubFixture.run { github in
            let first = try await github.addRepository()
            let branch = "\(first.prefix(7))/fix"
            let second = try await github.addRepository(branch: branch, file: "other")
            let source = try await github.resolve("demo/tree/\(branch)/sub")
            #expect(source.commit == second)
            #expect(source.directory == "sub")
        }
    }

    @Test func `says which names were tried when a ref is unknown`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let error = await #expect(throws: SourceError.self) { try await github.resolve("demo/tree/nope/sub") }
            #expect(error?.code == "REF_NOT_FOUND")
            #expect(error?.message.contains("'nope', 'nope/sub'") == true)
            #expect(error?.hint?.contains("'main'") == true)
        }
    }

    @Test func `says that a repository is empty`() async throws {
        try await GitHubFixture.run { github in
            // A branch that is deleted again leaves a repository without commits.
            try await github.addRepository()
            try removeReference("\(github.server.root)/\(github.owner)/demo.git/refs/heads/main")
            let error = await #expect(throws: SourceError.self) { try await github.resolve() }
            #expect(error?.code == "REF_NOT_FOUND")
            #expect(error?.message.contains("empty") == true)
        }
    }

    @Test func `follows a rename and reports the new name`() async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository("New-Name")
            try await github.addRepository("old")
            try github.set("private", of: "New-Name")
            try github.set("moved", to: "\(github.owner)/New-Name", of: "old")
            let source = try await github.resolve("old/tree/main/", token: SharedGitHub.token)
            #expect(source.fullName == "\(github.owner)/New-Name")
            #expect(source.commit == commit)
            #expect(source.warnings.count == 1)
            #expect(source.warnings.first?.contains("/New-Name") == true)
        }
    }

    @Test func `takes no offence at another case`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository("Demo")
            let source = try await github.resolve("demo")
            #expect(source.fullName == "\(github.owner)/Demo")
            #expect(source.warnings == [])
        }
    }

    @Test func `needs a good token for a private repository`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("private")
            let none = await #expect(throws: SourceError.self) { try await github.resolve() }
            #expect(none?.code == "REPOSITORY_NOT_FOUND")
            for reason in ["does not exist", "private", "needs a token"] {
                #expect(none?.message.contains(reason) == true)
            }
            let bad = await #expect(throws: SourceError.self) { try await github.resolve(token: "ghp_WRONG") }
            #expect(bad?.code == "UNAUTHORIZED")
            #expect(bad?.text.contains("ghp_WRONG") == false)
            #expect(try await github.resolve(token: SharedGitHub.token).isPrivate)
            #expect(await github.waits.all == [])
        }
    }

    @Test func `uses the configured token and never the ambient one of another host`() async throws {
        try await GitHubFixture.run(configuredToken: SharedGitHub.token) { github in
            try await github.addRepository()
            try github.set("private")
            _ = try await github.resolve()
            let sent = try Set(github.requests().map { $0.headers["authorization"] })
            #expect(sent == ["Bearer \(SharedGitHub.token)"])
        }
    }

    @Test func `introduces itself as GitHub asks`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            _ = try await github.resolve()
            for request in try github.requests() {
                #expect(request.headers["user-agent"] == "runner-agent")
                #expect(request.headers["x-github-api-version"] == "2022-11-28")
                #expect(request.headers["authorization"] == nil)
            }
        }
    }

    @Test func `reads a file at the commit`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let source = try await github.resolve()
            #expect(try await github.client.contents(source, path: ".runner/config.yml") == Array("runner:\n".utf8))
            #expect(try await github.client.contents(source, path: "absent") == nil)
            #expect(try await github.client.contents(source, path: "sub") == nil)
            #expect(try await github.client.contents(source, path: "../x") == nil)
        }
    }

    @Test func `knows hosts without asking anybody`() async throws {
        let client = GitHubClient(http: HTTPClient(), hosts: [], environment: [:])
        #expect(try client.locate("https://github.com/o/r", ref: "dev").ref == "dev")
        #expect(throws: SourceError.self) { try client.locate("https://ghe.example.com/o/r") }
        let location = try RepositoryLocation.parse("https://ghe.example.com/o/r")
        let error = await #expect(throws: SourceError.self) { try await client.resolve(location) }
        #expect(error?.code == "UNSUPPORTED_HOST")
    }

    @Test(arguments: [
        (#"{"preset": "sso"}"#, "SSO_REQUIRED", "https://github.com/orgs/octo/sso"),
        (#"{"status": 403}"#, "FORBIDDEN", "permission"),
        (#"{"status": 451}"#, "LEGALLY_BLOCKED", "legal"),
        (#"{"status": 410}"#, "REPOSITORY_NOT_FOUND", "gone"),
        (#"{"status": 409, "body": {"message": "Git Repository is empty."}}"#, "REF_NOT_FOUND", "empty"),
        (#"{"status": 422, "body": {"message": "Validation Failed"}}"#, "GITHUB_UNAVAILABLE", "Validation Failed"),
        (#"{"status": 200, "body": "{\"full_name\": \"octo/de"}"#, "GITHUB_UNAVAILABLE", "JSON"),
        (#"{"status": 418}"#, "GITHUB_UNAVAILABLE", "418"),
        (#"{"preset": "html"}"#, "GITHUB_UNAVAILABLE", "text/html"),
        (
            #"{"status": 200, "body": {"full_name": "../x", "default_branch": "main"}}"#, "GITHUB_UNAVAILABLE",
            "description"
        ),
        (#"{"location": "https://evil.example/x", "status": 301}"#, "UNSUPPORTED_HOST", "evil.example"),
        (#"{"location": "file:///etc/passwd", "status": 301}"#, "GITHUB_UNAVAILABLE", "redirect"),
        (#"{"location": "/repos/OWNER/demo", "status": 301}"#, "GITHUB_UNAVAILABLE", "5 times"),
    ])
    func `names the cause of an answer and does not retry it`(
        _ rule: String, _ code: String, _ reason: String
    ) async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let rules = "[{\"on\": \"repository\", \(rule.dropFirst())]".replacing("OWNER", with: github.owner)
            try github.set("behaviour.json", to: rules)
            let error = await #expect(throws: SourceError.self) { try await github.resolve(token: SharedGitHub.token) }
            #expect(error?.code == code)
            #expect(error?.text.contains(reason) == true, "\(error?.text ?? "")")
            #expect(error?.hint?.isEmpty == false)
            #expect(error?.retryable == false)
            #expect(await github.waits.all == [])
        }
    }

    @Test func `tries again when GitHub stumbles`() async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            try github.set("behaviour.json", to: #"[{"on": "repository", "status": 502, "times": 2}]"#)
            #expect(try await github.resolve().commit == commit)
            let waits = await github.waits.all
            #expect(waits.count == 2)
            #expect(waits.allSatisfy { $0 <= .seconds(4) })
        }
    }

    @Test func `says why it tries again`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: #"[{"on": "commit", "status": 502, "times": 1}]"#)
            let (notices, continuation) = AsyncStream<String>.makeStream()
            let location = try github.client.locate(github.location())
            _ = try await github.client.resolve(location, notice: { continuation.yield($0) })
            continuation.finish()
            let all = await notices.reduce(into: []) { $0.append($1) }
            #expect(all.count == 1)
            #expect(all.first?.contains("answered 502 for \(github.owner)/demo; trying again in ") == true, "\(all)")
        }
    }

    @Test func `gives up after three tries and says that later may be better`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set(
                "behaviour.json", to: #"[{"on": "repository", "status": 503, "headers": {"retry-after": "7"}}]"#)
            let error = await #expect(throws: SourceError.self) { try await github.resolve() }
            #expect(error?.code == "GITHUB_UNAVAILABLE")
            #expect(error?.retryable == true)
            #expect(await github.waits.all == [.seconds(7), .seconds(7)])
            #expect(try github.requests().filter { $0.path == "/repos/\(github.owner)/demo" }.count == 3)
        }
    }

    @Test func `says when the primary rate limit ends instead of waiting for it`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: #"[{"on": "repository", "preset": "primary-limit"}]"#)
            let error = await #expect(throws: SourceError.self) { try await github.resolve() }
            #expect(error?.code == "RATE_LIMITED")
            #expect(error?.retryable == true)
            let wait = try #require(error?.retryAfter)
            #expect((.seconds(3500)...(.seconds(3601))).contains(wait), "\(wait)")
            #expect(error?.hint?.contains("token") == true)
            #expect(await github.waits.all == [])
        }
    }

    @Test func `waits for a secondary rate limit once and then stops`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: #"[{"on": "repository", "preset": "secondary-limit"}]"#)
            let error = await #expect(throws: SourceError.self) { try await github.resolve() }
            #expect(error?.code == "RATE_LIMITED")
            #expect(error?.message.contains("secondary") == true)
            #expect(await github.waits.all == [.seconds(60)])
        }
    }

    @Test func `goes on when a short rate limit has passed`() async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            try github.set(
                "behaviour.json",
                to: #"[{"on": "repository", "preset": "secondary-limit", "headers": {"retry-after": "5"}, "times": 1}]"#
            )
            #expect(try await github.resolve().commit == commit)
            #expect(await github.waits.all == [.seconds(5)])
        }
    }

    @Test func `reports a host that does not listen`() async throws {
        try await GitHubFixture.run { github in
            // No test listens on port 1.
            let client = github.client(host: "127.0.0.1:1", api: "http://127.0.0.1:1")
            let error = await #expect(throws: SourceError.self) {
                try await client.resolve(client.locate("http://127.0.0.1:1/o/r"))
            }
            #expect(error?.code == "NETWORK")
            #expect(error?.retryable == true)
            #expect(await github.waits.all.count == 2)
        }
    }

    @Test func `asks again when an answer is cut off`() async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            let cut = #"{"on": "repository", "status": 200, "cut": 10"#
            try github.set("behaviour.json", to: "[\(cut), \"times\": 2}]")
            #expect(try await github.resolve().commit == commit)
            #expect(await github.waits.all.count == 2)
            try github.set("behaviour.json", to: "[\(cut)}]")
            let error = await #expect(throws: SourceError.self) { try await github.resolve() }
            #expect(error?.code == "NETWORK")
            #expect(error?.message.contains("cut off") == true, "\(error?.message ?? "")")
        }
    }

    @Test func `reports a host that has no address`() async throws {
        try await GitHubFixture.run { github in
            // Reserved for names that nobody has.
            let client = github.client(host: "github.invalid", api: "https://api.github.invalid")
            let error = await #expect(throws: SourceError.self) {
                try await client.resolve(client.locate("https://github.invalid/o/r"))
            }
            // A resolver that itself cannot be reached may take longer than connecting may.
            #expect(["NETWORK", "TIMEOUT"].contains(error?.code))
            #expect(error?.message.contains("api.github.invalid") == true)
            #expect(error?.retryable == true)
        }
    }

    @Test func `reports a server that does not speak TLS`() async throws {
        try await GitHubFixture.run { github in
            let client = github.client(host: github.server.host, api: "https://\(github.server.host)")
            let error = await #expect(throws: SourceError.self) {
                try await client.resolve(client.locate("https://\(github.server.host)/o/r"))
            }
            #expect(error?.code == "TLS")
            #expect(error?.hint?.contains("caFile") == true)
        }
    }

    @Test func `stops when its task is cancelled`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: #"[{"on": "repository", "status": 503, "times": 1}, {"delay": 30}]"#)
            let (failures, failed) = AsyncStream<Void>.makeStream()
            let client = github.client(retry: RetryPolicy { _ in failed.finish() })
            let task = Task { try await client.resolve(client.locate(github.location())) }
            for await _ in failures {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}

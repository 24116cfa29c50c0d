import GitHubSource
import RunnerConfig
import TestSupport
import Testing

/// A GitHub App against the loopback GitHub, which checks its signatures with openssl.
///
/// Serialized: the server knows one app.
@Suite(.sharedGitHub, .serialized) struct InstallationTokenTests {
    private struct App {
        let github: GitHubFixture
        let directory: String

        /// Makes the app known, installed on the fixture's owner unless `owners` says otherwise.
        func register(owners: [String]? = nil, lifetime: Int = 3600, suspended: Bool = false) throws {
            let installations = (owners ?? [github.owner]).map { "\"\($0)\": 7" }.joined(separator: ", ")
            try writeTextFile(
                """
                {"id": "42", "publicKey": "\(directory)/public.pem", "installations": {\(installations)},
                 "suspended": \(suspended), "lifetime": \(lifetime)}
                """, to: "\(github.server.root)/app.json")
        }

        func tokenRequests() throws -> Int {
            try github.server.requests().count { $0.contains("/app/installations/7/access_tokens") }
        }
    }

    /// Runs `body` with an app whose key was made for it and a private repository.
    private func withApp(form: String = "-traditional", _ body: (App) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let script =
                "umask 077; openssl genrsa \(form) -out key.pem 2048 && openssl rsa -in key.pem -pubout -out public.pem"
            try await ChildProcess.run("/bin/sh", ["-c", script], workingDirectory: directory) { process in
                let ending = try await process.ending()
                try #require(ending == .exited(0))
            }
            let config = GitHubAppConfig(id: "42", privateKeyFile: "\(directory)/key.pem")
            try await GitHubFixture.run(app: config) { github in
                try await github.addRepository()
                try github.set("private")
                try await body(App(github: github, directory: directory))
            }
        }
    }

    @Test(arguments: ["-traditional", ""])
    func `reads a private repository with a token it is given for the app's signature`(_ form: String) async throws {
        try await withApp(form: form) { app in
            try app.register()
            let before = try app.tokenRequests()
            let source = try await app.github.resolve()
            #expect(source.isPrivate)
            #expect(try await app.github.archive(of: source).cached == false)
            #expect(try app.tokenRequests() == before + 1)
            let sent = try app.github.requests().filter { $0.port == "api" }.map { $0.headers["authorization"] ?? "" }
            #expect(sent.count { $0.hasPrefix("Bearer ey") } == 1)
            #expect(sent.count { $0.hasPrefix("Bearer ghs_") } == sent.count - 1)
            #expect(
                try app.github.requests().filter { $0.port == "codeload" }.allSatisfy {
                    $0.headers["authorization"] == nil
                })
        }
    }

    @Test func `asks once for many that want a token at the same time`() async throws {
        try await withApp { app in
            try app.register()
            let before = try app.tokenRequests()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = try await app.github.resolve() } }
                try await group.waitForAll()
            }
            #expect(try app.tokenRequests() == before + 1)
        }
    }

    @Test func `renews a token that is about to expire`() async throws {
        try await withApp { app in
            try app.register(lifetime: 200)
            let before = try app.tokenRequests()
            for _ in 0..<2 { _ = try await app.github.resolve() }
            #expect(try app.tokenRequests() == before + 2)
        }
    }

    @Test func `goes without a token where the app is not installed, and says so`() async throws {
        try await withApp { app in
            try app.register(owners: ["somebody-else"])
            let error = await #expect(throws: SourceError.self) { try await app.github.resolve() }
            #expect(error?.code == "REPOSITORY_NOT_FOUND")
            #expect(error?.message.contains("GitHub App 42 is not installed") == true)
            try removeReference("\(app.github.server.root)/\(app.github.owner)/demo.git/private")
            #expect(try await app.github.resolve().isPrivate == false)
        }
    }

    @Test func `names the app when GitHub refuses it`() async throws {
        try await withApp { app in
            try app.register(suspended: true)
            let suspended = await #expect(throws: SourceError.self) { try await app.github.resolve() }
            #expect(suspended?.code == "FORBIDDEN")
            #expect(suspended?.message.contains("suspended") == true)
            try writeTextFile("-----BEGIN PUBLIC KEY-----\n", to: "\(app.directory)/public.pem")
            try app.register()
            let refused = await #expect(throws: SourceError.self) { try await app.github.resolve() }
            #expect(refused?.code == "UNAUTHORIZED")
            #expect(refused?.message.contains("GitHub App 42") == true)
        }
    }

    @Test func `asks for another token when one was revoked`() async throws {
        try await withApp { app in
            try app.register()
            _ = try await app.github.resolve()
            try app.github.set("behaviour.json", to: #"[{"on": "repository", "status": 401, "times": 1}]"#)
            let before = try app.tokenRequests()
            let error = await #expect(throws: SourceError.self) { try await app.github.resolve() }
            #expect(error?.code == "UNAUTHORIZED")
            _ = try await app.github.resolve()
            #expect(try app.tokenRequests() == before + 1)
        }
    }

    @Test func `prefers the request's own token`() async throws {
        try await withApp { app in
            try app.register(owners: [])
            #expect(try await app.github.resolve(token: SharedGitHub.token).isPrivate)
        }
    }

    @Test(arguments: [
        ("CANARY", 0o600, "no RSA private key"), (nil, 0o600, "does not exist"), ("x", 0o644, "every user"),
    ])
    func `says why a key cannot be used, and shows nothing of it`(
        _ text: String?, _ mode: Int, _ reason: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/key.pem"
            if let text {
                try writeTextFile("-----BEGIN RSA PRIVATE KEY-----\n\(text)\n-----END RSA PRIVATE KEY-----\n", to: path)
                try changeMode(of: path, to: mode)
            }
            try await GitHubFixture.run(app: GitHubAppConfig(id: "42", privateKeyFile: path)) { github in
                try await github.addRepository()
                let error = await #expect(throws: SourceError.self) { try await github.resolve() }
                #expect(error?.code == "UNAUTHORIZED")
                #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
                #expect(error?.text.contains("CANARY") == false)
                #expect(error?.hint?.isEmpty == false)
            }
        }
    }
}

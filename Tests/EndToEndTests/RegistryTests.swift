import RunnerProtocol
import TestSupport
import Testing

/// Base images of a registry that wants tokens, through BuildKit with the agent's session.
@Suite(.enabled(if: EngineUnderTest.isExpected), .timeLimit(.minutes(5))) struct RegistryTests {
    private static let start = #"RUN true"# + "\n" + #"CMD ["sleep", "60"]"#

    /// A component on an image of the registry, and a directory for Docker's configuration.
    private struct Fixture {
        let registry: LoopbackRegistry
        let directory: String
        let component: Component

        var dockerDirectory: String { "\(directory)/docker" }
        var params: String { #"{"source":{"path":"\#(component.path)"},"wait":"running"}"# }
    }

    private func withFixture(
        image: String, dockerConfig: ((LoopbackRegistry) -> String)? = nil, body: (Fixture) async throws -> Void
    ) async throws {
        try EngineUnderTest.require()
        try await LoopbackRegistry.run { registry in
            try await withTemporaryDirectory { directory in
                let component = try await Component.make(
                    in: directory, "web", dockerfile: nil,
                    files: ["Dockerfile": "FROM \(registry.host)/\(image)\n\(Self.start)\n"])
                try await run("/bin/mkdir", ["\(directory)/docker"])
                if let dockerConfig {
                    try writeTextFile(dockerConfig(registry), to: "\(directory)/docker/config.json")
                }
                try await body(Fixture(registry: registry, directory: directory, component: component))
            }
        }
    }

    private func withAgent(
        _ fixture: Fixture, configuration: String = "", arguments: [String] = [], environment: [String: String?] = [:],
        body: (AgentUnderTest, RPCClient) async throws -> Void
    ) async throws {
        var environment = environment
        environment["DOCKER_CONFIG"] = fixture.dockerDirectory
        try await AgentUnderTest.runStopping(
            configuration: configuration, arguments: arguments, environment: environment
        ) {
            agent, client in
            try await body(agent, client)
        }
    }

    private func failure(_ client: RPCClient, _ fixture: Fixture) async throws -> JSONValue {
        let failed = await #expect(throws: RPCClient.Failed.self) {
            _ = try await client.call("runner.start", fixture.params)
        }
        return try #require(failed?.error["data"])
    }

    @Test(arguments: ["", "engine: {builder: classic}"])
    func `a public image is pulled without a login`(configuration: String) async throws {
        try await withFixture(image: "public/base:1") { fixture in
            try await withAgent(fixture, configuration: configuration) { _, client in
                let started = try await client.call("runner.start", fixture.params)
                #expect(started["status"]?.stringValue == "running")
                let requests = try fixture.registry.tokenRequests()
                #expect(!requests.isEmpty)
                #expect(requests.allSatisfy { $0.contains(#""user": null"#) }, "\(requests)")
            }
        }
    }

    @Test(arguments: ["", "engine: {builder: classic}"])
    func `a private image is pulled with the login of Docker's configuration`(configuration: String) async throws {
        try await withFixture(image: "private/base:1", dockerConfig: { $0.dockerConfig() }) { fixture in
            try await withAgent(fixture, configuration: configuration) { agent, client in
                let started = try await client.call("runner.start", fixture.params)
                #expect(started["status"]?.stringValue == "running")
                let requests = try fixture.registry.tokenRequests()
                #expect(requests.contains { $0.contains(#""user": "\#(LoopbackRegistry.user)""#) }, "\(requests)")
                let found = try await SecretSearch.places(of: LoopbackRegistry.password, agent: agent, client: client)
                #expect(found == [])
            }
        }
    }

    @Test func `a login comes from a credential helper, which sees nothing it does not need`() async throws {
        let config = { (registry: LoopbackRegistry) in #"{"credHelpers":{"\#(registry.host)":"loop"}}"# }
        try await withFixture(image: "private/base:1", dockerConfig: config) { fixture in
            let helper = "\(fixture.directory)/docker-credential-loop"
            try writeTextFile(
                """
                #!/bin/sh
                { echo "arguments $*"; cat; echo; env; } > \(fixture.directory)/seen
                echo '{"ServerURL":"x","Username":"\(LoopbackRegistry.user)","Secret":"\(LoopbackRegistry.password)"}'
                """, to: helper)
            try await run("/bin/chmod", ["755", helper])
            let environment: [String: String?] = [
                "PATH": "\(fixture.directory):/usr/bin:/bin", "GITHUB_TOKEN": "github-token-of-ours",
                "NPM": "secret-of-ours",
            ]
            try await withAgent(
                fixture, configuration: "buildSecrets: {npm: {env: NPM}}", environment: environment
            ) { _, client in
                let started = try await client.call("runner.start", fixture.params)
                #expect(started["status"]?.stringValue == "running")
                let seen = try readTextFile("\(fixture.directory)/seen")
                #expect(seen.hasPrefix("arguments get\n\(fixture.registry.host)\n"), "\(seen)")
                #expect(!seen.contains("of-ours"))
            }
        }
    }

    @Test func `a wrong login is told apart from a missing one and from a missing image`() async throws {
        try await withFixture(image: "private/base:1", dockerConfig: { $0.dockerConfig(password: "wrong-5521") }) {
            fixture in
            try await withAgent(fixture) { agent, client in
                let failure = try await failure(client, fixture)
                #expect(failure["code"]?.stringValue == "IMAGE_PULL_DENIED", "\(failure.text)")
                #expect(failure["phase"]?.stringValue == "building")
                let hint = try #require(failure["hint"]?.stringValue)
                #expect(hint.contains("refuses the login of \(LoopbackRegistry.user)"), "\(hint)")
                #expect(hint.contains(fixture.dockerDirectory))
                #expect(failure["registry"]?.stringValue == fixture.registry.host, "\(failure.text)")
                let found = try await SecretSearch.places(of: "wrong-5521", agent: agent, client: client)
                #expect(found == [])
            }
            try writeTextFile("{}", to: "\(fixture.dockerDirectory)/config.json")
            try await withAgent(fixture) { _, client in
                let failure = try await failure(client, fixture)
                #expect(failure["code"]?.stringValue == "IMAGE_PULL_DENIED", "\(failure.text)")
                #expect(failure["hint"]?.stringValue?.contains("docker login \(fixture.registry.host)") == true)
                #expect(failure["hint"]?.stringValue?.contains("there is no login") == true)
                let dockerfile = "FROM \(fixture.registry.host)/public/base:nope\n\(Self.start)\n"
                try writeTextFile(dockerfile, to: "\(fixture.component.path)/Dockerfile")
                let missing = try await self.failure(client, fixture)
                #expect(missing["code"]?.stringValue == "IMAGE_PULL_FAILED", "\(missing.text)")
                #expect(missing["message"]?.stringValue?.contains("nope") == true)
            }
        }
    }

    @Test func `a helper that fails does not keep a public image away, and is named for a private one`() async throws {
        let config = { (_: LoopbackRegistry) in #"{"credsStore":"nowhere"}"# }
        try await withFixture(image: "public/base:1", dockerConfig: config) { fixture in
            try await withAgent(fixture) { _, client in
                let started = try await client.call("runner.start", fixture.params)
                #expect(started["status"]?.stringValue == "running")
                let dockerfile = "FROM \(fixture.registry.host)/private/base:1\n\(Self.start)\n"
                try writeTextFile(dockerfile, to: "\(fixture.component.path)/Dockerfile")
                let failure = try await failure(client, fixture)
                #expect(failure["code"]?.stringValue == "IMAGE_PULL_DENIED", "\(failure.text)")
                #expect(failure["hint"]?.stringValue?.contains("docker-credential-nowhere") == true, "\(failure.text)")
            }
        }
    }

    @Test func `where a proxy refuses sessions, images are pulled before the build`() async throws {
        let engine = try EngineUnderTest.requireSocketPath()
        try await withFixture(image: "private/base:1", dockerConfig: { $0.dockerConfig() }) { fixture in
            let proxy = "\(fixture.directory)/p.sock"
            try await ChildProcess.run(SupportTools.path("refusing-proxy"), [proxy, engine, "/session"]) { process in
                _ = try await process.output.next()
                try await withAgent(fixture, arguments: ["--engine", "unix://\(proxy)"]) { _, client in
                    let started = try await client.call("runner.start", fixture.params)
                    #expect(started["status"]?.stringValue == "running")
                    let id = try #require(started["id"]?.stringValue)
                    let page = try await client.call("runner.logs", #"{"instanceId":"\#(id)","phases":["build"]}"#)
                    let texts = page.recordTexts
                    #expect(texts.contains { $0.contains("HTTP 403") }, "\(texts)")
                    #expect(texts.contains("pulling \(fixture.registry.host)/private/base:1"))
                }
            }
        }
    }
}

import RunnerProtocol
import TestSupport
import Testing

/// Build secrets reach the step that mounts them and nothing else.
@Suite(.enabled(if: EngineUnderTest.isExpected), .timeLimit(.minutes(5))) struct BuildSecretTests {
    private static let secret = "s3cr3t-value-90417"

    private func component(_ directory: String, _ steps: String, config: String? = nil) async throws -> Component {
        try await Component.make(
            in: directory, "web", dockerfile: steps + "\n" + #"CMD ["sleep", "60"]"#,
            config: config ?? #"runner: {type: docker, ports: ["auto:3000"]}"#)
    }

    private func start(_ component: Component, secrets: String = "{}") -> String {
        #"{"source":{"path":"\#(component.path)"},"buildSecrets":\#(secrets),"wait":"running"}"#
    }

    @Test func `a secret of the start is used by its step and is found nowhere else`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping { agent, client in
            // What the step makes of it proves that it was there; only its digest may stay.
            let component = try await component(
                agent.directory,
                """
                RUN --mount=type=secret,id=npm,required=true sha256sum < /run/secrets/npm > /digest && cat /digest
                RUN --mount=type=secret,id=npm echo "using $(cat /run/secrets/npm) now"
                """)
            let started = try await client.call(
                "runner.start", start(component, secrets: #"{"npm":"\#(Self.secret)"}"#))
            let id = try #require(started["id"]?.stringValue)
            let page = try await client.call("runner.logs", #"{"instanceId":"\#(id)","phases":["build"]}"#)
            let digest = try await withTemporaryDirectory { directory in
                try writeTextFile(Self.secret, to: "\(directory)/secret")
                return try await run("/bin/sh", ["-c", "sha256sum < \(directory)/secret"])
            }
            #expect(page.recordTexts.contains(digest), "\(page.recordTexts)")
            #expect(page.recordTexts.contains("using *** now"), "\(page.recordTexts)")
            let found = try await SecretSearch.places(of: Self.secret, agent: agent, client: client)
            #expect(found == [])
        }
    }

    @Test func `the search for secrets finds one that is there`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping { agent, client in
            let component = try await component(agent.directory, "RUN echo careless-value-1177")
            _ = try await client.call("runner.start", start(component))
            let found = try await SecretSearch.places(of: "careless-value-1177", agent: agent, client: client)
            #expect(found.contains { $0.hasPrefix("files: ") })
            #expect(found.contains { $0.hasPrefix("log of ") })
            #expect(found.contains { $0.hasSuffix("/history") })
        }
    }

    @Test func `the agent's own secrets are given to components that list them, and to no others`() async throws {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            try writeTextFile(Self.secret, to: "\(directory)/secret")
            let configuration = "buildSecrets: {one: {file: \(directory)/secret}, two: {env: TWO_SECRET}}"
            try await AgentUnderTest.runStopping(
                configuration: configuration, environment: ["TWO_SECRET": "second-secret-3318"]
            ) { agent, client in
                let listing = try await component(
                    agent.directory,
                    """
                    RUN --mount=type=secret,id=one,required=true test "$(wc -c < /run/secrets/one)" = \(Self.secret.utf8.count)
                    RUN --mount=type=secret,id=two,required=true test "$(wc -c < /run/secrets/two)" = 18
                    """, config: #"runner: {type: docker, ports: ["auto:3000"], build: {secrets: [one, two]}}"#)
                _ = try await client.call("runner.start", start(listing))
                let found = try await SecretSearch.places(of: Self.secret, agent: agent, client: client)
                #expect(found == [])
                let other = try await component(
                    agent.directory, "RUN --mount=type=secret,id=one,required=true cat /run/secrets/one")
                let failed = await #expect(throws: RPCClient.Failed.self) {
                    _ = try await client.call("runner.start", start(other))
                }
                #expect(failed?.code == "BUILD_FAILED")
                #expect(failed?.error["data"]?["hint"]?.stringValue?.contains("buildSecrets") == true)
            }
        }
    }

    @Test func `a secret that is listed and not given is warned of before the step that needs it fails`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping { agent, client in
            let component = try await component(
                agent.directory, "RUN --mount=type=secret,id=npm test ! -e /run/secrets/npm",
                config: #"runner: {type: docker, ports: ["auto:3000"], build: {secrets: [npm]}}"#)
            let started = try await client.call("runner.start", start(component))
            #expect(started["warnings"]?.text.contains("nobody gives npm") == true, "\(started.text)")
        }
    }
}

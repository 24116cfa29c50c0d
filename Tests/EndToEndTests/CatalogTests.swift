import RunnerProtocol
import TestSupport
import Testing

/// A bare `componentRef`: where the agent finds its source.
@Suite struct CatalogTests {
    private static let token = "catalog-CANARY0123456789"

    private struct Fixture {
        let github: LoopbackGitHub
        let agent: AgentUnderTest

        func entity(_ name: String, annotations: [String: String]) async throws {
            let pairs = annotations.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
            try await github.setEntity(
                "component:default/\(name)",
                to: """
                    {"apiVersion": "backstage.io/v1alpha1", "kind": "Component",
                     "metadata": {"name": "\(name)", "namespace": "default", "annotations": {\(pairs)}}}
                    """)
        }

        /// Starts by reference, without an engine: what ends it, and the instance.
        func start(_ reference: String) async throws -> (code: String?, instance: JSONValue) {
            let client = try agent.client()
            let failure = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.start", #"{"componentRef":"\#(reference)","wait":"running"}"#)
            }
            guard let id = failure?.error["data"]?["instanceId"]?.stringValue else { return (failure?.code, .null) }
            return (failure?.code, try await client.call("runner.get", #"{"instanceId":"\#(id)"}"#))
        }
    }

    private func withCatalog(_ body: (Fixture) async throws -> Void) async throws {
        try await LoopbackGitHub.run(catalogToken: Self.token) { github in
            try await withTemporaryDirectory { directory in
                let component = try await Component.server(in: directory, "web")
                try await github.addRepository("octo/web", from: component.path)
                let configuration =
                    github.agentConfiguration
                        + """
                        catalog: {baseUrl: "\(github.catalog)", token: \(Self.token)}
                        components:
                          "component:default/mapped": {location: "\(github.location("octo/web"))", configPath: none.yml}
                          "component:default/local": {path: "\(component.path)"}

                        """
                try await AgentUnderTest.run(
                    configuration: configuration, arguments: ["--engine", "unix:///tmp/no-engine-here.sock"],
                    environment: ["DOCKER_HOST": nil]
                ) { try await body(Fixture(github: github, agent: $0)) }
            }
        }
    }

    @Test func `is looked up in the catalog, annotations and all`() async throws {
        try await withCatalog { fixture in
            try await fixture.entity(
                "web",
                annotations: [
                    "runner.backstage.io/enabled": "true",
                    "backstage.io/source-location": fixture.github.location("octo/web"),
                ])
            let (code, instance) = try await fixture.start("Component:Default/Web")
            // All that is missing is an engine.
            #expect(code == "ENGINE_UNAVAILABLE")
            #expect(instance["componentRef"]?.stringValue == "component:default/web")
            #expect(instance["source"]?["repository"]?.stringValue == "octo/web")
            #expect(instance["source"]?["location"]?.stringValue == fixture.github.location("octo/web"))
            #expect(instance["source"]?["commit"]?.stringValue?.count == 40)
            let asked = try fixture.github.requests().filter { $0.contains(#""port": "catalog""#) }
            #expect(asked.count == 1)
            #expect(asked.first?.contains("/entities/by-name/component/default/web") == true)

            try await fixture.entity(
                "web",
                annotations: [
                    "runner.backstage.io/enabled": "true", "runner.backstage.io/config-path": "else.yml",
                    "backstage.io/managed-by-location":
                        fixture.github.location("octo/web").replacing(
                            "tree/main/", with: "blob/main/catalog-info.yaml"),
                ])
            let (missing, _) = try await fixture.start("component:default/web")
            #expect(missing == "CONFIG_NOT_FOUND")
        }
    }

    @Test func `that the catalog cannot lead to a source is told in words of the catalog`() async throws {
        try await withCatalog { fixture in
            let (unknown, _) = try await fixture.start("component:default/nobody")
            #expect(unknown == "SOURCE_UNKNOWN")
            try await fixture.entity("off", annotations: [:])
            let (off, instance) = try await fixture.start("component:default/off")
            #expect(off == "NOT_ENABLED")
            #expect(instance["failure"]?["phase"]?.stringValue == "resolving")
            try await fixture.entity("lost", annotations: ["runner.backstage.io/enabled": "true"])
            let (lost, _) = try await fixture.start("component:default/lost")
            #expect(lost == "SOURCE_UNKNOWN")
            try await fixture.entity(
                "away",
                annotations: [
                    "runner.backstage.io/enabled": "true",
                    "backstage.io/source-location": "url:https://gitlab.example.com/o/r",
                ])
            let (away, _) = try await fixture.start("component:default/away")
            #expect(away == "UNSUPPORTED_HOST")
            try await fixture.entity(
                "file",
                annotations: [
                    "runner.backstage.io/enabled": "true",
                    "backstage.io/managed-by-location": "file:/srv/catalog-info.yaml",
                ])
            let (file, _) = try await fixture.start("component:default/file")
            #expect(file == "INVALID_LOCATION")
        }
    }

    @Test func `is found in the agent's own configuration first`() async throws {
        try await withCatalog { fixture in
            let (mapped, instance) = try await fixture.start("component:default/mapped")
            #expect(mapped == "CONFIG_NOT_FOUND")
            #expect(instance["failure"]?["message"]?.stringValue?.contains("none.yml") == true)
            let (local, directory) = try await fixture.start("component:default/local")
            #expect(local == "ENGINE_UNAVAILABLE")
            #expect(directory["source"]?["type"]?.stringValue == "directory")
            #expect(try fixture.github.requests().filter { $0.contains(#""port": "catalog""#) } == [])
        }
    }

    @Test func `is unknown to an agent without a catalog`() async throws {
        try await AgentUnderTest.run { agent in
            let client = try agent.client()
            let failure = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.start", #"{"componentRef":"component:default/web"}"#)
            }
            #expect(failure?.code == "SOURCE_UNKNOWN")
            #expect(failure?.error["data"]?["instanceId"] == nil)
        }
    }
}

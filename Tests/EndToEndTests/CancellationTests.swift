import RunnerProtocol
import TestSupport
import Testing

/// A cancelled request is answered as cancelled, soon, whatever it was waiting for, and leaves nothing.
@Suite(.enabled(if: EngineUnderTest.isExpected)) struct CancellationTests {
    /// Well under the time for which each phase is held, so that an answer within it can only come from the cancel.
    private static let soon = Duration.seconds(10)

    @Test(arguments: [("resolving", "commit"), ("fetching", "archive")])
    func `a start is cancelled while GitHub lets it wait in`(phase: String, request: String) async throws {
        try EngineUnderTest.require()
        try await LoopbackGitHub.run { github in
            try await AgentUnderTest.run(configuration: github.agentConfiguration) { agent in
                let component = try await Component.server(in: agent.directory, "web")
                try await github.addRepository("octo/web", from: component.path)
                try writeTextFile(
                    #"[{"on":"\#(request)","delay":60}]"#, to: "\(github.root)/octo/web.git/behaviour.json")
                try await cancelStart(
                    #"{"location":"\#(github.location("octo/web"))"}"#, in: phase, agent, try agent.client())
            }
        }
    }

    @Test(arguments: [
        ("configuring", ""), ("building", "RUN sleep 60"), ("starting", ""), ("checking", ""),
    ])
    func `a start is cancelled in`(phase: String, step: String) async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let component = try await Component.server(in: agent.directory, "web", step)
            // A phase that is over in a moment cannot be held: then another is hit, or the start wins.
            try await cancelStart(
                #"{"path":"\#(component.path)"}"#, in: phase, agent, try agent.client(),
                mayWin: phase != "building")
        }
    }

    @Test func `a start that runs and waits for its health is stopped when it is cancelled`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let component = try await Component.make(
                in: agent.directory, "web", dockerfile: #"CMD ["httpd", "-f", "-p", "3000"]"#,
                config: #"runner: {type: docker, ports: ["auto:3000"], healthCheck: {path: /none, startPeriod: 60s}}"#)
            let client = try agent.client()
            _ = try await client.call("runner.watch")
            let id = try await client.begin(
                "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"healthy"}"#)
            let running = try await client.notification {
                $0["params"]?["instance"]?["status"]?.stringValue == "running"
            }
            try await cancel(id, client)
            let instance = try #require(running["params"]?["instance"]?["id"]?.stringValue)
            let listed = try await client.call("runner.get", #"{"instanceId":"\#(instance)"}"#)
            #expect(listed["status"]?.stringValue == "stopped")
            #expect(listed["failure"]?["code"]?.stringValue == "CANCELLED")
            let left = try await EngineView.leftovers(of: agent.owner)
            #expect(left == "")
        }
    }

    @Test func `a start is cancelled while the one it replaces takes its time to stop`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let client = try agent.client()
            let stubborn = try await Self.stubborn(in: agent.directory)
            let first = try await client.call(
                "runner.start", #"{"source":{"path":"\#(stubborn.path)"},"wait":"running"}"#)
            let component = try await Component.server(in: agent.directory, "web")
            _ = try await client.call("runner.watch")
            let id = try await client.begin(
                "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
            _ = try await client.notification { $0["params"]?["instance"]?["status"]?.stringValue == "stopping" }
            try await cancel(id, client)
            try await end(first, client, agent)
        }
    }

    @Test func `a stop is cancelled while the container takes its time, and goes on`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let client = try agent.client()
            let stubborn = try await Self.stubborn(in: agent.directory)
            let first = try await client.call(
                "runner.start", #"{"source":{"path":"\#(stubborn.path)"},"wait":"running"}"#)
            let instance = try #require(first["id"]?.stringValue)
            _ = try await client.call("runner.watch")
            let stop = try await client.begin("runner.stop", #"{"instanceId":"\#(instance)","timeoutSeconds":60}"#)
            _ = try await client.notification { $0["params"]?["instance"]?["status"]?.stringValue == "stopping" }
            try await cancel(stop, client)
            let listed = try await client.call("runner.get", #"{"instanceId":"\#(instance)"}"#)
            #expect(listed["status"]?.stringValue == "stopping")
            try await end(first, client, agent)
        }
    }

    @Test func `a validation is cancelled while GitHub lets it wait`() async throws {
        try await LoopbackGitHub.run { github in
            try await AgentUnderTest.run(configuration: github.agentConfiguration) { agent in
                let component = try await Component.server(in: agent.directory, "web")
                try await github.addRepository("octo/web", from: component.path)
                try writeTextFile(
                    #"[{"on":"commit","delay":60}]"#, to: "\(github.root)/octo/web.git/behaviour.json")
                let client = try agent.client()
                let id = try await client.begin(
                    "runner.validate", #"{"source":{"location":"\#(github.location("octo/web"))"}}"#)
                try await cancel(id, client)
            }
        }
    }

    /// One that does not listen to SIGTERM.
    private static func stubborn(in directory: String) async throws -> Component {
        try await Component.make(
            in: directory, "stubborn", dockerfile: #"CMD ["sh", "-c", "trap '' TERM; while :; do sleep 1; done"]"#,
            config: #"runner: {type: docker, ports: ["auto:3000"], stop: {grace: 60s}}"#)
    }

    private func cancel(_ id: Int, _ client: RPCClient) async throws {
        try await client.notify("$/cancelRequest", #"{"id":\#(id)}"#)
        let failed = await #expect(throws: RPCClient.Failed.self) {
            _ = try await client.answer(to: id, within: Self.soon)
        }
        #expect(failed?.error["code"]?.intValue == -32800)
        #expect(failed?.code == "CANCELLED")
    }

    private func cancelStart(
        _ source: String, in phase: String, _ agent: AgentUnderTest, _ client: RPCClient, mayWin: Bool = false
    ) async throws {
        let id = try await client.begin(
            "runner.start", #"{"source":\#(source),"wait":"running","_meta":{"progressToken":"t"}}"#)
        _ = try await client.notification {
            $0["method"]?.stringValue == "$/progress" && $0["params"]?["value"]?["phase"]?.stringValue == phase
        }
        try await client.notify("$/cancelRequest", #"{"id":\#(id)}"#)
        do {
            let won = try await client.answer(to: id, within: Self.soon)
            #expect(mayWin && won["status"]?.stringValue == "running")
            _ = try await client.call("runner.stop", #"{"instanceId":"\#(won["id"]?.stringValue ?? "")"}"#)
        } catch let failed as RPCClient.Failed {
            #expect(failed.error["code"]?.intValue == -32800, "\(failed)")
            let instance = try #require(failed.error["data"]?["instanceId"]?.stringValue)
            let listed = try await client.call("runner.get", #"{"instanceId":"\#(instance)"}"#)
            #expect(listed["status"]?.stringValue == "stopped")
            #expect(listed["failure"]?["code"]?.stringValue == "CANCELLED")
            if !mayWin { #expect(listed["failure"]?["phase"]?.stringValue == phase) }
        }
        let left = try await EngineView.leftovers(of: agent.owner)
        #expect(left == "")
    }

    /// Ends an instance that does not want to, by hand.
    private func end(_ started: JSONValue, _ client: RPCClient, _ agent: AgentUnderTest) async throws {
        _ = try await client.call("runner.watch")
        let container = try #require(started["containerId"]?.stringValue)
        let socket = try EngineUnderTest.requireSocketPath()
        try await run(
            "/usr/bin/curl",
            ["-sS", "-X", "POST", "--unix-socket", socket, "http://engine/containers/\(container)/kill"])
        let instance = started["id"]?.stringValue
        _ = try await client.notification {
            $0["params"]?["instance"]?["id"]?.stringValue == instance
                && $0["params"]?["instance"]?["status"]?.stringValue == "stopped"
        }
        let left = try await EngineView.leftovers(of: agent.owner)
        #expect(left == "")
    }
}

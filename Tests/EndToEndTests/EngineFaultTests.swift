import Glibc
import RunnerProtocol
import TestSupport
import Testing

@Suite(.enabled(if: EngineUnderTest.isExpected)) struct EngineFaultTests {
    @Test func `a frozen engine makes a stop fail in time and what is known stale, and lists are answered at once`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            try await FaultProxy.run(in: directory) { engine in
                try await AgentUnderTest.run(arguments: ["--engine", engine.url], directory: directory) { agent in
                    let component = try await Component.server(in: directory, "web")
                    let client = try agent.client()
                    let started = try await client.call(
                        "runner.start",
                        """
                        {"source":{"path":"\(component.path)"},"wait":"running",\
                        "config":{"runner":{"type":"docker","ports":["auto:3000"],"stop":{"grace":"1s"}}}}
                        """)
                    let id = try #require(started["id"]?.stringValue)
                    _ = try await client.call("runner.watch", #"{"instanceId":"\#(id)"}"#)
                    try engine.freeze()
                    let stop = try await client.begin("runner.stop", #"{"instanceId":"\#(id)"}"#)
                    let asked = ContinuousClock.now
                    _ = try await client.call("runner.list", within: .seconds(2))
                    _ = try await client.call("agent.ping", within: .seconds(2))
                    let failure = await #expect(throws: RPCClient.Failed.self) {
                        try await client.answer(to: stop, within: .seconds(40))
                    }
                    #expect(failure?.code == "ENGINE_UNAVAILABLE")
                    #expect(ContinuousClock.now - asked < .seconds(30))
                    let known = try await client.call("runner.get", #"{"instanceId":"\#(id)"}"#)
                    #expect(known["stale"]?.boolValue == true)
                    #expect(known["status"]?.stringValue == "stopping")
                    try engine.thaw()
                    _ = try await client.notification(within: .seconds(60)) {
                        $0["params"]?["instance"]?["status"]?.stringValue == "stopped"
                    }
                    let left = try await EngineView.leftovers(of: agent.owner)
                    #expect(left == "")
                }
            }
        }
    }

    @Test(arguments: ["swallow:/containers/create:1", "swallow:/start:1", "status:/start:1", "swallow:/json:3"])
    func `whatever answer of the engine is lost, a failed start leaves nothing and the next one runs`(
        fault: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            try await FaultProxy.run(in: directory, [fault]) { engine in
                try await AgentUnderTest.run(arguments: ["--engine", engine.url], directory: directory) { agent in
                    let component = try await Component.server(in: directory, "web")
                    let client = try agent.client()
                    let params = #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#
                    do {
                        _ = try await client.call("runner.start", params)
                    } catch let failed as RPCClient.Failed {
                        #expect(
                            ["ENGINE_UNAVAILABLE", "ENGINE_ERROR", "CONTAINER_START_FAILED"].contains(
                                failed.code ?? ""), "\(failed)")
                    }
                    let started = try await client.call("runner.start", params)
                    let id = try #require(started["id"]?.stringValue)
                    let ours = try await EngineView.leftovers(of: agent.owner)
                    #expect(ours.components(separatedBy: #""Names""#) == 2, "\(ours)")
                    _ = try await client.call("runner.stop", #"{"instanceId":"\#(id)"}"#)
                    let left = try await EngineView.leftovers(of: agent.owner)
                    #expect(left == "")
                }
            }
        }
    }

    @Test func `a second signal ends the agent at once, whatever its graceful stop is waiting for`() async throws {
        try await withTemporaryDirectory { directory in
            try await FaultProxy.run(in: directory, ["swallow:/containers/create:1"]) { engine in
                try await AgentUnderTest.run(arguments: ["--engine", engine.url], directory: directory) { agent in
                    let component = try await Component.server(in: directory, "web")
                    let client = try agent.client()
                    _ = try await client.call("runner.watch")
                    _ = try await client.call("runner.start", #"{"source":{"path":"\#(component.path)"}}"#)
                    // A start that is given up waits for what the engine makes of it, and that is never told here.
                    _ = try await client.notification { $0["params"]?["instance"]?["phase"]?.stringValue == "creating" }
                    let other = try agent.connect()
                    let ping = #"{"jsonrpc":"2.0","id":1,"method":"agent.ping"}"#
                    _ = try await other.ask(ping)
                    try agent.process.terminate()
                    // Nobody is answered as before once the first signal was heard; the connection may be closed as well.
                    while (try? await other.ask(ping).map(ExpectedAnswer.ping.matches)) == true {}
                    try agent.process.terminate()
                    let ending = try await agent.process.ending()
                    #expect(ending == .signalled(Int(SIGTERM)))
                }
            }
        }
    }
}

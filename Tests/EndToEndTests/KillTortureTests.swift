import RunnerProtocol
import TestSupport
import Testing

@Suite(.enabled(if: EngineUnderTest.isExpected && Torture.isLong)) struct KillTortureTests {
    @Test func `200 agents killed at random instants lose no instance, run none twice and leave nothing over`()
        async throws
    {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            let components = [
                try await Component.server(in: directory, "one"), try await Component.server(in: directory, "two"),
                try await Component.server(in: directory, "slow", "ARG N\nRUN sleep 0.3"),
            ]
            var known: Set<String> = []
            for round in 0..<200 {
                try await AgentUnderTest.run(configuration: "limits: {historyCount: 1000}", directory: directory) {
                    agent in
                    let client = try agent.client()
                    try await check(known, agent, client)
                    for _ in 0..<Int.random(in: 1...2) {
                        guard let component = components.randomElement() else { continue }
                        let started = try await client.call(
                            "runner.start",
                            """
                            {"source":{"path":"\(component.path)"},\
                            "config":{"runner":{"type":"docker","ports":["auto:3000"],"build":{"args":{"N":"\(round)"}}}}}
                            """)
                        known.insert(try #require(started["id"]?.stringValue))
                        try await Task.sleep(for: .milliseconds(.random(in: 0...1500)))
                    }
                    if Int.random(in: 0..<4) == 0, let id = known.randomElement() {
                        _ = try await client.begin("runner.stop", #"{"instanceId":"\#(id)"}"#)
                        try await Task.sleep(for: .milliseconds(.random(in: 0...300)))
                    }
                    try agent.process.kill()
                }
            }
            try await AgentUnderTest.run(configuration: "limits: {historyCount: 1000}", directory: directory) { agent in
                let client = try agent.client()
                try await check(known, agent, client)
                let started = try await client.call(
                    "runner.start", #"{"source":{"path":"\#(components[0].path)"},"wait":"running"}"#)
                try await check(known, agent, client)
                _ = try await client.call(
                    "runner.stop", #"{"instanceId":"\#(started["id"]?.stringValue ?? "")"}"#)
                let left = try await EngineView.leftovers(of: agent.owner)
                #expect(left == "")
            }
        }
    }

    /// Every id is listed, and no more than one runs, by the agent and by the engine.
    private func check(_ known: Set<String>, _ agent: AgentUnderTest, _ client: RPCClient) async throws {
        var listed: Set<String> = []
        var cursor = ""
        repeat {
            let page = try await client.call("runner.list", #"{"limit":200\#(cursor)}"#)
            let instances = page["instances"]?.arrayValue ?? []
            listed.formUnion(instances.compactMap { $0["id"]?.stringValue })
            cursor = page["nextCursor"]?.stringValue.map { #","cursor":"\#($0)""# } ?? ""
        } while !cursor.isEmpty
        #expect(known.subtracting(listed) == [])
        let filter = "%7B%22label%22%3A%5B%22dev.runner-agent.owner%3D\(try agent.owner)%22%5D%7D"
        let running = try JSONReader.parse(Array(try await EngineView.get("/containers/json?filters=\(filter)").utf8))
        #expect((running.arrayValue?.count ?? 0) <= 1)
    }
}

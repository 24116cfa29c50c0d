import RunnerProtocol
import TestSupport
import Testing

/// A client in another language that is generated from the document alone.
@Suite(.enabled(if: EngineUnderTest.isExpected)) struct DiscoverClientTests {
    @Test func `a client made of what rpc.discover answers starts, reads, follows and stops a component`() async throws
    {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let output = try await run(
                SupportTools.path("discover-client"),
                [
                    agent.socketPath, SupportTools.example("hello"),
                    "--document", SupportTools.testsDirectory + "/../Protocol/openrpc.json",
                ])
            let seen = try JSONReader.parse(Array(output.utf8))
            #expect(seen["agent"] == "runner-agent")
            #expect(seen["methods"] == .int(WireMethod.allCases.count { $0.kind != .agentNotification }))
            #expect(seen["started"] == "running")
            #expect(seen["followed"] == "listening on port 3000")
            #expect(seen["stopped"] == "stopped")
            #expect(seen["end"] == "ended")
            #expect(seen["afterwards"] == "INSTANCE_NOT_FOUND")
        }
    }
}

import RunnerProtocol
import TestSupport
import Testing

/// `onExisting: "reuse"` answers the instance that is what was asked for, and starts anew when anything differs.
@Suite(.enabled(if: EngineUnderTest.isExpected)) struct ReuseTests {
    @Test func `an unchanged directory is reused, a changed one and other overrides are not`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let client = try agent.client()
            let component = try await Component.server(in: agent.directory, "web", "COPY note /")
            try writeTextFile("one", to: component.path + "/note")
            let source = #"{"path":"\#(component.path)"}"#
            let first = try await start(source, client)
            #expect(try await start(source, client) == first)
            let override = try await start(source, client, #","environment":{"A":"b"}"#)
            #expect(override != first)
            #expect(try await start(source, client, #","environment":{"A":"b"}"#) == override)
            try writeTextFile("two", to: component.path + "/note")
            let changed = try await start(source, client)
            #expect(changed != override)
            // Another component with the very same content is another one.
            #expect(try await start(source, client, #","componentRef":"component:default/other""#) != changed)
        }
    }

    @Test func `a branch that has not moved is reused without a download, also by the next agent`() async throws {
        try EngineUnderTest.require()
        try await LoopbackGitHub.run { github in
            try await withTemporaryDirectory { directory in
                let component = try await Component.server(in: directory, "web")
                try await github.addRepository("octo/web", from: component.path)
                let source = #"{"location":"\#(github.location("octo/web"))"}"#
                let configuration = github.agentConfiguration
                let first = try await AgentUnderTest.run(configuration: configuration, directory: directory) { agent in
                    let client = try agent.client()
                    let first = try await start(source, client)
                    #expect(try await start(source, client) == first)
                    return first
                }
                try await AgentUnderTest.run(configuration: configuration, directory: directory) { agent in
                    let client = try agent.client()
                    #expect(try await start(source, client) == first)
                    let downloads = try github.requests().count { $0.contains("legacy.tar.gz") }
                    #expect(downloads == 1)
                    try writeTextFile("moved", to: component.path + "/note")
                    try await github.addRepository("octo/web", from: component.path)
                    #expect(try await start(source, client) != first)
                    _ = try await client.call("runner.stop", #"{"instanceId":"\#(first)"}"#)
                }
            }
        }
    }

    @Test func `of two that ask at once the second joins the first, and giving up leaves it alone`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let component = try await Component.server(in: agent.directory, "web", "RUN sleep 3")
            let params = #"{"source":{"path":"\#(component.path)"},"onExisting":"reuse","wait":"running"}"#
            let (one, two) = (try agent.client(), try agent.client())
            let first = try await one.begin("runner.start", params)
            _ = try await one.call("runner.watch")
            let second = try await two.begin("runner.start", params)
            let third = try await two.begin("runner.start", params)
            _ = try await one.notification { $0["params"]?["instance"]?["phase"]?.stringValue == "building" }
            try await two.notify("$/cancelRequest", #"{"id":\#(third)}"#)
            let cancelled = await #expect(throws: RPCClient.Failed.self) { _ = try await two.answer(to: third) }
            #expect(cancelled?.code == "CANCELLED")
            let started = try await one.answer(to: first)
            let joined = try await two.answer(to: second)
            #expect(started["status"]?.stringValue == "running")
            #expect(joined["id"] == started["id"])
        }
    }

    private func start(_ source: String, _ client: RPCClient, _ more: String = "") async throws -> String {
        let started = try await client.call(
            "runner.start", #"{"source":\#(source),"onExisting":"reuse","wait":"running"\#(more)}"#)
        return try #require(started["id"]?.stringValue)
    }
}

import Logging
import RunnerProtocol
import Testing

@testable import AgentServer

@Suite struct ServiceTests {
    @Test func `shutdown over the socket ends the agent and removes the socket`() async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            await client.send(request(1, "shutdown"))
            #expect(await client.readToEnd() == #"{"jsonrpc":"2.0","id":1,"result":null}"# + "\n")
            await agent.service.ended()
        }
    }

    @Test func `a graceful stop ends followers with the reason, and closes`() async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            let source = #"{"location":"\#(agent.stalledLocation)"}"#
            await client.send(request(1, "runner.start", #"{"source":\#(source)}"#))
            let id = json(await client.line())["result"]?["id"]?.stringValue ?? ""
            await client.send(request(2, "runner.logs", #"{"instanceId":"\#(id)","follow":true}"#))
            #expect(json(await client.line())["result"]?["subscriptionId"] == "s1")
            agent.service.beginGracefulShutdown()
            let lines = await client.readToEnd().split(separator: "\n").map { json(String($0)) }
            #expect(lines.last?["method"] == "runner.log.end")
            #expect(FileStatus(path: agent.path) == nil)
        }
    }

    @Test func `two agents cannot serve one socket`() async throws {
        try await withAgent { agent in
            let scratch = try ScratchDirectory()
            var options = AgentServiceOptions(version: "1", discoverDocument: [], logger: Logger(label: "test"))
            options.socketPath = agent.path
            let second = AgentService(runner: try makeRunner(scratch), options: options)
            await #expect(throws: SocketError.self) { try await second.run() }
            let client = try agent.connect()
            await client.send(request(1, "agent.ping"))
            #expect(json(await client.line())["id"] == 1)
        }
    }

    @Test func `the commands' client calls, hears notifications and gets errors as such`() async throws {
        try await withAgent { agent in
            let path = agent.path
            let result = await onThread { () -> Result<JSONValue, any Error> in
                Result { try AgentClient(path: path).call("agent.info") }
            }
            let info = try result.get()
            #expect(info["version"] == "1.2.3")
            let failure = await onThread { () -> Result<JSONValue, any Error> in
                Result { try AgentClient(path: path).call("runner.get", ["instanceId": "x"]) }
            }
            #expect {
                _ = try failure.get()
            } throws: { error in
                (error as? ResponseError)?.domainCode == .instanceNotFound
            }
        }
    }

    @Test func `a start is bounded per user and refills with time`() throws {
        let limit = StartRateLimit(perMinute: 60)
        let begin = ContinuousClock.now
        for _ in 0..<60 { try limit.take(uid: 1, now: begin) }
        #expect(throws: ResponseError.self) { try limit.take(uid: 1, now: begin) }
        try limit.take(uid: 2, now: begin)
        try limit.take(uid: 1, now: begin + .seconds(1))
        #expect(throws: ResponseError.self) { try limit.take(uid: 1, now: begin + .seconds(1)) }
    }
}

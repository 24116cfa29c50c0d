import Glibc
import Testing

@testable import AgentServer

@Suite struct BackPressureTests {
    @Test func `a client that never reads is not read either, and others are served`() async throws {
        try await withAgent { agent in
            let greedy = try agent.connect()
            let burst = Array(String(repeating: request(1, "agent.info"), count: 2_000).utf8)
            var sent = 0
            // Without a bound, the agent would take all of this and hold some 400 MB of answers.
            while sent < 200, await greedy.sendNow(burst) { sent += 1 }
            #expect(sent < 200)
            let other = try agent.connect()
            await other.send(request(1, "agent.ping"))
            #expect(await other.line() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        }
    }

    @Test func `more answers than fit anywhere are all sent, in order`() async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            // More than all buffers on the way hold, so the agent has to stop reading and go on again.
            let count = 20_000
            let sending = Task {
                await client.send((1...count).map { request($0, "agent.ping") }.joined())
                client.endInput()
            }
            let lines = await client.readToEnd().split(separator: "\n")
            await sending.value
            #expect(lines.count == count)
            #expect(lines.last == #"{"jsonrpc":"2.0","id":\#(count),"result":{}}"#)
        }
    }

    @Test func `a line that is never ended is answered and ends the connection, after what was asked before`()
        async throws
    {
        var limits = SessionLimits()
        limits.partialLineTime = .milliseconds(200)
        try await withAgent(limits: limits) { agent in
            let client = try agent.connect()
            await client.send(request(1, "agent.ping") + #"{"jsonrpc":"2.0","id":2,"#)
            let lines = await client.readToEnd().split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(lines.last?.contains("-32600") == true && lines.last?.contains(#""id":null"#) == true)
        }
    }

    @Test func `an answer left unread for too long ends the connection`() async throws {
        var limits = SessionLimits()
        limits.stalledAnswerTime = .milliseconds(200)
        try await withAgent(limits: limits) { agent in
            let client = try agent.connect()
            let burst = Array(String(repeating: request(1, "agent.info"), count: 2_000).utf8)
            while await client.sendNow(burst) {}
            // The agent closes; only then does a blocking send fail.
            while await client.send(burst) {}
            #expect(await !client.send(burst))
        }
    }
}

extension TestClient {
    /// Sends what the socket takes within a moment; false when it does not take everything.
    func sendNow(_ bytes: [UInt8]) async -> Bool {
        await onThread { [descriptor] in
            var patience = timeval(tv_sec: 0, tv_usec: 300_000)
            let size = socklen_t(MemoryLayout<timeval>.size)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
            defer {
                patience = timeval()
                unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
            }
            return BlockingDescriptor(number: descriptor).write(bytes)
        }
    }
}

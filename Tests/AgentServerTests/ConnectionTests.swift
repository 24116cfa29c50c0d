import Glibc
import RunnerProtocol
import Testing

@testable import AgentServer

@Suite struct ConnectionTests {
    @Test(arguments: [1, 2, 7, 64, 100_000])
    func `answers pipelined requests however they are cut`(chunkBytes: Int) async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            let input = Array(
                ("\u{FEFF}" + request(1, "agent.ping") + "\r\n\n" + request(2, "runner.list") + request(3, "nope")
                    + request(4, "agent.ping", "null")).utf8)
            var rest = input[...]
            while !rest.isEmpty {
                await client.send(Array(rest.prefix(chunkBytes)))
                rest = rest.dropFirst(chunkBytes)
            }
            #expect(
                await client.lines(4) == [
                    #"{"jsonrpc":"2.0","id":1,"result":{}}"#,
                    #"{"jsonrpc":"2.0","id":2,"result":{"instances":[]}}"#,
                    #"{"jsonrpc":"2.0","id":3,"error":{"code":-32601,"message":"Method not found: nope","data":{"method":"nope"}}}"#,
                    #"{"jsonrpc":"2.0","id":4,"result":{}}"#,
                ])
        }
    }

    @Test func `a thousand pipelined pings are answered in order`() async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            await client.send((1...1_000).map { request($0, "agent.ping") }.joined())
            client.endInput()
            let expected = (1...1_000).map { #"{"jsonrpc":"2.0","id":\#($0),"result":{}}"# + "\n" }.joined()
            #expect(await client.readToEnd() == expected)
        }
    }

    @Test func `a half-closed client gets every answer, and the end counts as a newline`() async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            await client.send(request(1, "agent.ping") + #"{"jsonrpc":"2.0","id":2,"method":"agent.ping"}"#)
            client.endInput()
            let text = await client.readToEnd()
            #expect(text.split(separator: "\n").count == 2)
            #expect(text.contains(#""id":2,"result":{}"#))
        }
    }

    @Test func `a half-closed client gets the answer of a request that takes its time`() async throws {
        try await withAgent { agent in
            let id = json(try await start(agent, wait: "accepted"))["result"]?["id"]?.stringValue ?? ""
            let client = try agent.connect()
            await client.send(request(1, "runner.stop", #"{"instanceId":"\#(id)"}"#))
            client.endInput()
            let answer = json(await client.readToEnd())
            #expect(answer["result"]?["id"] == .string(id))
        }
    }

    @Test(arguments: [
        ("[]", #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600"#),
        ("[1,2]", #"[{"jsonrpc":"2.0","id":null,"error":{"code":-32600"#),
        (
            #"[{"jsonrpc":"2.0","id":"a","method":"agent.ping"},{"jsonrpc":"2.0","method":"agent.ping"},{"jsonrpc":"2.0","id":null,"method":"agent.ping"}]"#,
            #"[{"jsonrpc":"2.0","id":"a","result":{}},{"jsonrpc":"2.0","id":null,"result":{}}]"#
        ),
        ("[{", #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700"#),
        ("nonsense", #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700"#),
        (
            #"{"jsonrpc":"2.0","id":12345678901234567890.10,"method":"agent.ping"}"#,
            #"{"jsonrpc":"2.0","id":12345678901234567890.10,"result":{}}"#
        ),
    ])
    func `batches and broken lines are answered by the letter`(line: String, start: String) async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            await client.send(line + "\n" + request(99, "agent.ping"))
            let lines = await client.lines(2)
            // The ping after it shows that the connection goes on, and that there was exactly one answer.
            #expect(lines.first?.hasPrefix(start) == true, "\(lines)")
            #expect(lines.last == #"{"jsonrpc":"2.0","id":99,"result":{}}"#)
        }
    }

    @Test func `a batch with a slow member is one array, and one of notifications is nothing`() async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            let missing = #"{"instanceId":"00000000-0000-4000-8000-000000000000"}"#
            await client.send(
                #"[{"jsonrpc":"2.0","method":"agent.ping"}]"# + "\n"
                    + #"[{"jsonrpc":"2.0","id":1,"method":"runner.logs","params":\#(missing)},"#
                    + #"{"jsonrpc":"2.0","id":2,"method":"agent.ping"}]"# + "\n")
            let members = json(await client.line()).arrayValue ?? []
            #expect(Set(members.compactMap { $0["id"]?.intValue }) == [1, 2])
            let failed = members.first { $0["id"]?.intValue == 1 }
            #expect(failed?["error"]?["data"]?["code"] == "INSTANCE_NOT_FOUND")
        }
    }

    @Test func `a client that half-closes after a batch of slow members gets the array`() async throws {
        try await withAgent { agent in
            let missing = #"{"instanceId":"00000000-0000-4000-8000-000000000000"}"#
            let member = #"{"jsonrpc":"2.0","id":1,"method":"runner.logs","params":\#(missing)}"#
            for _ in 0..<500 {
                let client = try agent.connect()
                await client.send("[\(member),\(member)]")
                client.endInput()
                let answer = json(await client.readToEnd())
                try #require(answer.arrayValue?.count == 2)
            }
        }
    }

    @Test func `notifications are never answered, whatever is wrong with them`() async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            await client.send(
                #"{"jsonrpc":"2.0","method":"nope"}"# + "\n" + #"{"jsonrpc":"2.0","method":"runner.get","params":[]}"#
                    + "\n" + #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":7}}"# + "\n"
                    + request(1, "agent.ping"))
            #expect(await client.line() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        }
    }

    @Test(arguments: [
        ("runner.get", "{}", -32_602), ("runner.stop", #"{"instanceId":"x","more":1}"#, -32_602),
        ("runner.get", #"{"instanceId":"x"}"#, -32_000), ("runner.list", #"{"cursor":"x"}"#, -32_602),
        ("runner.list", #"{"limit":0}"#, -32_602), ("runner.start", "{}", -32_602),
        ("runner.unsubscribe", #"{"subscriptionId":"s9"}"#, -32_000), ("rpc.nope", "{}", -32_601),
        ("runner.log", "{}", -32_601), ("exit", "{}", -32_601),
        ("initialize", #"{"protocolVersions":[7]}"#, -32_000),
    ])
    func `a bad call has its code and the connection goes on`(method: String, params: String, code: Int64) async throws
    {
        try await withAgent { agent in
            let client = try agent.connect()
            await client.send(request(1, method, params))
            #expect(json(await client.line())["error"]?["code"]?.intValue == code)
            await client.send(request(2, "agent.ping"))
            #expect(json(await client.line())["id"] == 2)
        }
    }

    @Test func `a line over the limit is answered once and dropped`() async throws {
        var limits = SessionLimits()
        limits.lineBytes = 1_000
        try await withAgent(limits: limits) { agent in
            let client = try agent.connect()
            await client.send(String(repeating: "x", count: 300_000) + "\n" + request(1, "agent.ping"))
            let lines = await client.lines(2).map(json)
            #expect(lines.first?["error"]?["data"]?["code"] == "MESSAGE_TOO_LARGE")
            #expect(lines.first?["id"] == .null)
            #expect(lines.last?["id"] == 1)
        }
    }

    @Test func `the handshake, the description and the agent's state`() async throws {
        try await withAgent { agent in
            let client = try agent.connect()
            await client.send(
                request(1, "initialize", #"{"protocolVersions":[1,2],"clientInfo":{"name":"t"}}"#)
                    + request(2, "rpc.discover") + request(3, "agent.info"))
            let answers = await client.lines(3).map(json)
            #expect(answers[0]["result"]?["protocolVersion"] == 1)
            #expect(answers[0]["result"]?["engine"] == .null)
            #expect(answers[0]["result"]?["limits"]?["connections"] == 2_048)
            #expect(answers[1]["result"] == ["openrpc": "1.3.2"])
            #expect(answers[2]["result"]?["socket"] == .string(agent.path))
            #expect(answers[2]["result"]?["version"] == "1.2.3")
            #expect(answers[2]["result"]?["counts"]?["connections"] == 1)
        }
    }

    @Test func `a start goes on when its connection ends`() async throws {
        try await withAgent { agent in
            let watcher = try agent.connect()
            await watcher.send(request(1, "runner.watch"))
            #expect(json(await watcher.line())["result"]?["instances"] == [])
            do {
                let client = try agent.connect()
                await client.send(request(1, "runner.start", startParams(agent, wait: "running")))
                // The change proves that the request was taken; then its connection ends without an answer.
                #expect(json(await watcher.line())["method"] == "runner.instance")
            }
            await watcher.send(request(2, "runner.list"))
            var answer = json(await watcher.line())
            while answer["id"] != 2 { answer = json(await watcher.line()) }
            #expect(answer["result"]?["instances"]?.arrayValue?.first?["status"] == "starting")
        }
    }

    @Test func `a cancelled start is answered as cancelled, with its instance`() async throws {
        try await withAgent { agent in
            let watcher = try agent.connect()
            await watcher.send(request(1, "runner.watch"))
            _ = await watcher.line()
            let client = try agent.connect()
            await client.send(request(7, "runner.start", startParams(agent, wait: "running")))
            let id = json(await watcher.line())["params"]?["instance"]?["id"]
            await client.send(#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":7}}"# + "\n")
            let answer = json(await client.line())
            #expect(answer["id"] == 7)
            #expect(answer["error"]?["code"] == -32_800)
            #expect(answer["error"]?["data"]?["code"] == "CANCELLED")
            #expect(answer["error"]?["data"]?["instanceId"] == id)
        }
    }

    @Test func `a cancel is heard while as many requests run as may, and also one of a request that waits`()
        async throws
    {
        var limits = SessionLimits()
        limits.runningRequests = 3
        try await withAgent(limits: limits) { agent in
            let client = try agent.connect()
            // Three that wait for a server that never answers, two that wait for their turn, and a ping behind them.
            for id in 1...5 {
                await client.send(
                    request(id, "runner.validate", #"{"source":{"location":"\#(agent.stalledLocation)"}}"#))
            }
            await client.send(request(6, "agent.ping"))
            for id in [2, 5, 4, 1, 3] {
                await client.send(#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":\#(id)}}"# + "\n")
            }
            let answers = await client.lines(6).map(json)
            #expect(Set(answers.compactMap { $0["id"]?.intValue }) == [1, 2, 3, 4, 5, 6])
            #expect(answers.filter { $0["error"]?["data"]?["code"] == "CANCELLED" }.count == 5)
        }
    }

    @Test func `a followed log ends with its reason, after its answer`() async throws {
        try await withAgent { agent in
            let id = json(try await start(agent, wait: "accepted"))["result"]?["id"]?.stringValue ?? ""
            let client = try agent.connect()
            await client.send(request(1, "runner.logs", #"{"instanceId":"\#(id)","follow":true}"#))
            let subscription = json(await client.line())["result"]?["subscriptionId"]?.stringValue ?? ""
            await client.send(request(2, "runner.unsubscribe", #"{"subscriptionId":"\#(subscription)"}"#))
            client.endInput()
            let lines = await client.readToEnd().split(separator: "\n").map { json(String($0)) }
            #expect(lines.contains { $0["id"] == 2 && $0["result"] == [:] })
            #expect(lines.last?["method"] == "runner.log.end")
            #expect(lines.last?["params"]?["reason"] == "unsubscribed")
        }
    }

    @Test func `too many subscriptions are refused`() async throws {
        var limits = SessionLimits()
        limits.subscriptions = 2
        try await withAgent(limits: limits) { agent in
            let client = try agent.connect()
            await client.send((1...3).map { request($0, "runner.watch") }.joined())
            let answers = await client.lines(3).map(json)
            #expect(answers.count { $0["error"]?["data"]?["code"] == "TOO_MANY_SUBSCRIPTIONS" } == 1)
        }
    }

    @Test func `too many connections are told so and closed`() async throws {
        var limits = SessionLimits()
        limits.connections = 1
        try await withAgent(limits: limits) { agent in
            let first = try agent.connect()
            await first.send(request(1, "agent.ping"))
            _ = await first.line()
            let refusal = await (try agent.connect()).readToEnd()
            #expect(json(refusal)["error"]?["data"]?["code"] == "TOO_MANY_CONNECTIONS")
        }
    }

    @Test func `too many starts in a minute are refused with the time to wait`() async throws {
        var limits = SessionLimits()
        limits.startsPerMinute = 1
        try await withAgent(limits: limits) { agent in
            let client = try agent.connect()
            let params = startParams(agent, wait: "accepted")
            await client.send(request(1, "runner.start", params) + request(2, "runner.start", params))
            let answers = await client.lines(2).map(json)
            let busy = answers.first { $0["error"] != nil }
            #expect(busy?["error"]?["data"]?["code"] == "BUSY")
            #expect((busy?["error"]?["data"]?["retryAfterMs"]?.intValue ?? 0) > 30_000)
        }
    }

    private func startParams(_ agent: AgentFixture, wait: String) -> String {
        #"{"componentRef":"component:default/x","source":{"location":"\#(agent.stalledLocation)"},"wait":"\#(wait)"}"#
    }

    private func start(_ agent: AgentFixture, wait: String) async throws -> String {
        let client = try agent.connect()
        await client.send(request(1, "runner.start", startParams(agent, wait: wait)))
        return await client.line()
    }
}

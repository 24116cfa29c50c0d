import RunnerProtocol
import TestSupport
import Testing

/// JSON-RPC 2.0 rule by rule, over the real socket: https://www.jsonrpc.org/specification, whose sections the names carry.
///
/// Each case sends its lines, half-closes, and must get its answers and nothing else.
@Suite(.sharedAgent) struct EnvelopeConformanceTests {
    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lines: [String]
        let answers: [ExpectedAnswer]

        init(_ name: String, _ lines: String..., gives answers: ExpectedAnswer...) {
            testDescription = name
            self.lines = lines
            self.answers = answers
        }
    }

    static let ping = #"{"jsonrpc":"2.0","id":1,"method":"agent.ping"}"#
    private static func call(_ method: String, _ params: String) -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#
    }

    static let requests = [
        Rule(
            "4: a null id is a request", #"{"jsonrpc":"2.0","id":null,"method":"agent.ping"}"#,
            gives: .result(id: "null")),
        Rule("4.1: a notification is not answered", #"{"jsonrpc":"2.0","method":"agent.ping"}"#),
        Rule("4.1: nor of an unknown method", #"{"jsonrpc":"2.0","method":"no.such.method"}"#),
        Rule("4.1: nor with wrong params", #"{"jsonrpc":"2.0","method":"runner.get","params":{}}"#),
        Rule("4.1: nor when the call would fail", #"{"jsonrpc":"2.0","method":"runner.get","params":["x"]}"#),
        Rule(
            "4: no valid request and no id: invalid request for null", #"{"jsonrpc":"2.0","method":1,"params":"bar"}"#,
            gives: .invalidRequest()),
        Rule("5.1: what is no JSON is a parse error", #"{"jsonrpc":"2.0","id":1,"met"#, gives: .parseError()),
        Rule(
            "5.1: JSON that is no request is an invalid request, not a parse error", "{}", "1", "null", #""x""#, "true",
            gives: .invalidRequest(), .invalidRequest(), .invalidRequest(), .invalidRequest(), .invalidRequest()),
        Rule(
            "5: an invalid request with a readable id is answered for it", #"{"id":"a","jsonrpc":"2.0","method":1}"#,
            #"{"method":[],"id":-0.5e1,"jsonrpc":"2.0"}"#, #"{"id":7}"#,
            gives: .invalidRequest(id: #""a""#), .invalidRequest(id: "-0.5e1"), .invalidRequest(id: "7")),
        Rule(
            "4: an id is no boolean, array or object", #"{"jsonrpc":"2.0","id":true,"method":"agent.ping"}"#,
            #"{"jsonrpc":"2.0","id":[1],"method":"agent.ping"}"#, #"{"jsonrpc":"2.0","id":{},"method":"agent.ping"}"#,
            gives: .invalidRequest(), .invalidRequest(), .invalidRequest()),
        Rule(
            "4: jsonrpc is exactly \"2.0\"", #"{"jsonrpc":"1.0","id":1,"method":"agent.ping"}"#,
            #"{"jsonrpc":2.0,"id":1,"method":"agent.ping"}"#, #"{"jsonrpc":"2.00","id":1,"method":"agent.ping"}"#,
            #"{"id":1,"method":"agent.ping"}"#, #"{"jsonrpc":"2.\u0030","id":1,"method":"agent.ping"}"#,
            gives: .invalidRequest(id: "1"), .invalidRequest(id: "1"), .invalidRequest(id: "1"),
            .invalidRequest(id: "1"), .ping),
        Rule(
            "4.2: params are an array or an object", call("agent.ping", #""bar""#), call("agent.ping", "1"),
            call("agent.ping", "false"),
            gives: .invalidRequest(id: "1"), .invalidRequest(id: "1"), .invalidRequest(id: "1")),
        Rule("4.2: null params count as absent", call("agent.ping", "null"), gives: .ping),
        Rule(
            "4.2: params by position and by name are the same", call("runner.get", #"["x"]"#),
            call("runner.get", #"{"instanceId":"x"}"#),
            gives: .error(-32_000, id: "1", code: "INSTANCE_NOT_FOUND"),
            .error(-32_000, id: "1", code: "INSTANCE_NOT_FOUND")),
        Rule(
            "4.2: too many params by position are wrong", call("runner.get", #"["x","y"]"#), gives: .invalidParams("/1")
        ),
        Rule("4.2: a method may take params by name only", call("runner.start", "[]"), gives: .invalidParams("")),
        Rule(
            "unknown members of a request are ignored",
            #"{"jsonrpc":"2.0","id":1,"traceparent":"00-0","method":"agent.ping","_meta":{"a":[1]}}"#, gives: .ping),
        Rule(
            "unknown params are refused where something would happen", call("runner.start", #"{"more":1}"#),
            call("runner.stop", #"{"instanceId":"x","more":1}"#),
            call("runner.remove", #"{"instanceId":"x","more":1}"#),
            gives: .invalidParams("/more"), .invalidParams("/more"), .invalidParams("/more")),
        Rule(
            "unknown params are ignored elsewhere", call("runner.list", #"{"more":1,"status":["stopping"]}"#),
            gives: .result(id: "1", #"{"instances":[]}"#)),
        Rule(
            "no member twice, at any depth", #"{"jsonrpc":"2.0","id":1,"id":2,"method":"agent.ping"}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"agent.ping","met\u0068od":"agent.ping"}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"agent.ping","params":{"a":[{"b":1,"b":1}]}}"#,
            gives: .invalidRequest(), .invalidRequest(id: "1"), .invalidRequest(id: "1")),
        Rule(
            "names are compared with case, after unescaping", #"{"jsonrpc":"2.0","id":1,"Method":"agent.ping"}"#,
            #"{"jsonrpc":"2.0","\u0069d":1,"method":"agent\u002eping"}"#, call("Agent.Ping", "{}"),
            gives: .invalidRequest(id: "1"), .ping, .methodNotFound()),
        Rule(
            "4: names beginning with rpc. are the protocol's own", call("rpc.nope", "{}"), call("rpc.", "{}"),
            gives: .methodNotFound(), .methodNotFound()),
        Rule("what only the agent sends is no method", call("runner.log", "{}"), gives: .methodNotFound()),
        Rule("a method that is only a notification is no method", call("exit", "{}"), gives: .methodNotFound()),
        Rule(
            "a response for us is ignored", #"{"jsonrpc":"2.0","id":5,"result":null}"#,
            #"{"jsonrpc":"2.0","id":5,"error":{"code":1,"message":"m"}}"#),
        Rule("two requests with one id are both answered", ping, ping, gives: .ping, .ping),
    ]

    static let batches = [
        Rule("6: an empty batch is one invalid request", "[]", gives: .invalidRequest()),
        Rule(
            "6: a batch of no requests is an array of errors", "[1,2,3]",
            gives: .batch([.invalidRequest(), .invalidRequest(), .invalidRequest()])),
        Rule("6: so is a batch of one", "[1]", gives: .batch([.invalidRequest()])),
        Rule(
            "6: a batch of notifications is not answered",
            #"[{"jsonrpc":"2.0","method":"agent.ping"},{"jsonrpc":"2.0","method":"nope"}]"#),
        Rule("6: a batch that is no JSON is one parse error", "[\(ping),{\"jsonrpc\"", gives: .parseError()),
        Rule("6: a batch is no member of a batch", "[[\(ping)]]", gives: .batch([.invalidRequest()])),
        Rule(
            "6: mixed members are answered in one array, without the notifications",
            #"[{"jsonrpc":"2.0","id":"a","method":"agent.ping"},{"jsonrpc":"2.0","method":"agent.ping"},{"foo":"boo"},"#
                + #"{"jsonrpc":"2.0","id":null,"method":"agent.ping"},{"jsonrpc":"2.0","id":5,"method":"nope"}]"#,
            gives: .batch([
                .result(id: #""a""#), .invalidRequest(), .result(id: "null"), .methodNotFound(id: "5"),
            ])),
        Rule(
            "6: a response in a batch is ignored", #"[{"jsonrpc":"2.0","id":5,"result":1},\#(ping)]"#,
            gives: .batch([.ping])),
        Rule("6: ids may repeat in a batch", "[\(ping),\(ping)]", gives: .batch([.ping, .ping])),
        Rule(
            "a batch has at most 100 members", "[" + Array(repeating: ping, count: 100).joined(separator: ",") + "]",
            "[" + Array(repeating: ping, count: 101).joined(separator: ",") + "]",
            gives: .batch(Array(repeating: .ping, count: 100)),
            .error(-32_600, id: "null", code: "BATCH_TOO_LARGE")),
    ]

    @Test(arguments: requests + batches) func `keeps the rule`(_ rule: Rule) async throws {
        let answers = try await SharedAgent.current.answers(to: Array(rule.lines.joined(separator: "\n").utf8))
        #expect(answers.count == rule.answers.count, "\(answers)")
        // Answers of several requests may come in any order; a rule's expectations are distinct enough to find them.
        var rest = answers
        for expected in rule.answers {
            guard let index = rest.firstIndex(where: expected.matches) else {
                Issue.record("no answer is \(expected): \(rest)")
                continue
            }
            rest.remove(at: index)
        }
    }

    @Test(arguments: [
        "0", "-1", "1.0", "1e2", "1E+2", "-0", "0.1", "9007199254740993", "12345678901234567890", "1e400",
        "123456789012345678901234567890.123456789", #""""#, #""1""#, #""é""#, #""\u00e9""#, #""😀""#, #""\ud83d\ude00""#,
        #""\u0000""#, #""a\/b""#, #""\"\\""#, "\"\u{7F}\u{85}\"", "null",
    ]) func `4, 5: the id comes back byte for byte`(_ id: String) async throws {
        let answers = try await SharedAgent.current.answers(
            to: Array(#"{"jsonrpc":"2.0","id": \#(id) ,"method":"agent.ping"}"#.utf8))
        #expect(answers == [#"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#])
    }

    @Test func `an id has at most 4096 bytes`() async throws {
        func line(_ bytes: Int) -> String {
            #"{"jsonrpc":"2.0","id":""# + String(repeating: "x", count: bytes - 2) + #"","method":"agent.ping"}"# + "\n"
        }
        let answers = try await SharedAgent.current.answers(to: Array((line(4_096) + line(4_097)).utf8))
        try #require(answers.count == 2)
        #expect(answers.contains { $0.hasSuffix(#"x","result":{}}"#) })
        #expect(answers.contains(where: ExpectedAnswer.invalidRequest().matches))
    }

    @Test func `5: an answer has a result or an error, and an error a code, a message and data`() async throws {
        let lines = (Self.requests + Self.batches).flatMap(\.lines).joined(separator: "\n")
        let answers = try await SharedAgent.current.answers(to: Array(lines.utf8))
        #expect(answers.count > 30)
        for line in answers {
            let value = try JSONReader.parse(Array(line.utf8))
            for answer in value.arrayValue ?? [value] {
                let names = try #require(answer.objectValue).members.map(\.name)
                #expect(names == ["jsonrpc", "id", "result"] || names == ["jsonrpc", "id", "error"], "\(line)")
                guard let error = answer["error"] else { continue }
                #expect(error["code"]?.intValue != nil && error["message"]?.stringValue != nil, "\(line)")
                #expect(error["data"] == nil || error["data"]?.objectValue != nil, "\(line)")
            }
        }
    }

    @Test func `6: members run side by side, and the array comes when all are done`() async throws {
        try await AgentUnderTest.run(
            configuration: "maxInstances: 2\n", environment: ["DOCKER_HOST": "unix:///nonexistent/docker.sock"]
        ) { agent in
            let source = SupportTools.example("hello")
            func start(_ id: Int) -> String {
                #"{"jsonrpc":"2.0","id":\#(id),"method":"runner.start","params":"#
                    + #"{"componentRef":"n\#(id)","source":{"path":"\#(source)"},"wait":"running"}}"#
            }
            let answers = try await agent.answers(to: Array("[\(start(2)),\(Self.ping),\(start(3))]".utf8))
            let expected = ExpectedAnswer.batch([
                .ping, .error(-32_000, id: "2", code: "ENGINE_UNAVAILABLE"),
                .error(-32_000, id: "3", code: "ENGINE_UNAVAILABLE"),
            ])
            #expect(answers.count == 1 && answers.allSatisfy(expected.matches), "\(answers)")
        }
    }

    @Test func `a subscription of a batch notifies after the array`() async throws {
        try await AgentUnderTest.run(environment: ["DOCKER_HOST": "unix:///nonexistent/docker.sock"]) { agent in
            let client = try agent.client()
            let failed = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call(
                    "runner.start", #"{"source":{"path":"\#(SupportTools.example("hello"))"},"wait":"running"}"#)
            }
            let id = try #require(failed?.error["data"]?["instanceId"]?.stringValue)
            let follow =
                #"{"jsonrpc":"2.0","id":2,"method":"runner.logs","params":{"instanceId":"\#(id)","follow":true}}"#
            let answers = try await agent.answers(to: Array("[\(Self.ping),\(follow)]".utf8))
            let values = try answers.map { try JSONReader.parse(Array($0.utf8)) }
            #expect(values.first?.arrayValue?.count == 2)
            #expect(values.dropFirst().first?["method"] == "runner.log")
            #expect(values.last?["method"] == "runner.log.end")
        }
    }
}

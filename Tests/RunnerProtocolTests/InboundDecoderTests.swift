import Testing

@testable import RunnerProtocol

/// The rules of JSON-RPC 2.0 that concern decoding, and what this agent does where it leaves room.
@Suite struct InboundDecoderTests {
    /// What a message comes to, in one line: `call ID METHOD PARAMS`, `error ID CODE`, `response`; a batch in brackets.
    static func summary(_ message: InboundMessage) -> String {
        switch message {
        case .single(let item): summary(item)
        case .batch(let items): "[" + items.map(summary).joined(separator: "; ") + "]"
        }
    }

    private static func summary(_ item: InboundItem) -> String {
        switch item {
        case .call(let call):
            "call \(call.id?.description ?? "-") \(call.method) \(String(decoding: call.params.raw, as: UTF8.self))"
        case .invalid(let id, let error):
            "error \(id) \(error.code.rawValue)\(error.domainCode.map { " \($0)" } ?? "")"
        case .response: "response"
        }
    }

    private func expect(_ line: String, _ expected: String, _ rule: String) {
        #expect(Self.summary(decodeInbound(Array(line.utf8))) == expected, "\(rule): \(line)")
    }

    @Test(arguments: [
        ("a request", #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1}}"#, #"call 1 m {"a":1}"#),
        ("members in any order", #"{"params":[1],"method":"m","id":"x","jsonrpc":"2.0"}"#, #"call "x" m [1]"#),
        ("no id is a notification", #"{"jsonrpc":"2.0","method":"m"}"#, "call - m "),
        ("id null is a request", #"{"jsonrpc":"2.0","method":"m","id":null}"#, "call null m "),
        ("spec: invalid request object", #"{"jsonrpc":"2.0","method":1,"params":"bar"}"#, "error null -32600"),
        ("spec: invalid JSON", #"{"jsonrpc":"2.0","method":"foobar,"params":"bar","baz]"#, "error null -32700"),
        ("no request: empty object", "{}", "error null -32600"),
        ("no request: number", "1", "error null -32600"),
        ("no request: null", "null", "error null -32600"),
        ("no request: string", #""x""#, "error null -32600"),
        ("no request: true", "true", "error null -32600"),
        ("a readable id is echoed", #"{"id":7}"#, "error 7 -32600"),
        ("a readable id is echoed", #"{"jsonrpc":"2.0","id":"x","method":null}"#, #"error "x" -32600"#),
        ("id true", #"{"jsonrpc":"2.0","method":"m","id":true}"#, "error null -32600"),
        ("id array", #"{"jsonrpc":"2.0","method":"m","id":[1]}"#, "error null -32600"),
        ("id object", #"{"jsonrpc":"2.0","method":"m","id":{}}"#, "error null -32600"),
        ("jsonrpc absent", #"{"id":1,"method":"m"}"#, "error 1 -32600"),
        ("jsonrpc 1.0", #"{"jsonrpc":"1.0","id":1,"method":"m"}"#, "error 1 -32600"),
        ("jsonrpc number", #"{"jsonrpc":2.0,"id":1,"method":"m"}"#, "error 1 -32600"),
        ("jsonrpc escaped", #"{"jsonrpc":"\u0032.0","id":1,"method":"m"}"#, "call 1 m "),
        ("params string", #"{"jsonrpc":"2.0","id":1,"method":"m","params":"bar"}"#, "error 1 -32600"),
        ("params number", #"{"jsonrpc":"2.0","id":1,"method":"m","params":1}"#, "error 1 -32600"),
        ("params true", #"{"jsonrpc":"2.0","id":1,"method":"m","params":true}"#, "error 1 -32600"),
        ("params null is absent", #"{"jsonrpc":"2.0","id":1,"method":"m","params":null}"#, "call 1 m "),
        ("unknown members are ignored", #"{"jsonrpc":"2.0","id":1,"method":"m","_meta":{"a":[]},"x":1}"#, "call 1 m "),
        ("repeated id", #"{"jsonrpc":"2.0","id":1,"id":2,"method":"m"}"#, "error null -32600"),
        ("repeated method", #"{"jsonrpc":"2.0","id":1,"method":"m","method":"m"}"#, "error 1 -32600"),
        ("repeated by escape", #"{"jsonrpc":"2.0","id":1,"method":"m","meth\u006fd":"m"}"#, "error 1 -32600"),
        ("repeated deep", #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[{"b":1,"b":1}]}}"#, "error 1 -32600"),
        ("repeated, then broken", #"{"id":1,"id":1,"#, "error null -32700"),
        ("names are exact", #"{"jsonrpc":"2.0","ID":1,"Method":"m"}"#, "error null -32600"),
        ("names may be escaped", #"{"jsonrpc":"2.0","\u0069d":5,"method":"m"}"#, "call 5 m "),
        ("method may be escaped", #"{"jsonrpc":"2.0","id":5,"method":"runner\u002elist"}"#, "call 5 runner.list "),
        ("empty batch", "[]", "error null -32600"),
        ("empty batch", " [ ] ", "error null -32600"),
        ("batch of no requests", "[1,2,3]", "[error null -32600; error null -32600; error null -32600]"),
        ("nested batch", "[[]]", "[error null -32600]"),
        ("broken batch", #"[{"jsonrpc":"2.0","method":"m","id":1},{"jsonrpc"]"#, "error null -32700"),
        (
            "batch", #"[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b","id":2},{"id":3,"result":1}]"#,
            "[call - a ; call 2 b ; response]"
        ),
        (
            "a fault of one member is its own", #"[{"a":1,"a":2},{"jsonrpc":"2.0","method":"b","id":2}]"#,
            "[error null -32600; call 2 b ]"
        ),
        (
            "repeated id member inside a batch", #"[{"jsonrpc":"2.0","id":1,"id":1,"method":"b"}]"#,
            "[error null -32600]"
        ),
        ("response", #"{"jsonrpc":"2.0","id":9,"result":null}"#, "response"),
        ("error response", #"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}"#, "response"),
        ("two values", #"{"jsonrpc":"2.0","id":1,"method":"m"} {}"#, "error null -32700"),
        ("HTTP", "POST / HTTP/1.1", "error null -32700"),
        ("LSP framing", "Content-Length: 20", "error null -32700"),
        ("lone surrogate", #"{"jsonrpc":"2.0","id":"\ud800","method":"m"}"#, "error null -32700"),
        ("byte order mark in the stream", "\u{feff}{}", "error null -32700"),
        ("blank", "", "error null -32700"),
    ])
    func `follows the rule`(rule: String, line: String, expected: String) {
        expect(line, expected, rule)
    }

    @Test(arguments: [
        "0", "-1", "1.0", "1e2", "9007199254740993", "12345678901234567890", "1e400", "-0", "0.10",
        #""""#, #""abc""#, #""\u0061""#, #""a\/b""#, "\"é\u{2028}\"", "null",
    ])
    func `an id is echoed byte for byte`(id: String) throws {
        guard
            case .single(.call(let call)) = decodeInbound(Array(#"{"jsonrpc":"2.0","id": \#(id) ,"method":"m"}"#.utf8))
        else {
            Issue.record("no call")
            return
        }
        var writer = JSONWriter()
        encodeResult(try #require(call.id), EmptyResult(), into: &writer)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"# + "\n")
    }

    @Test func `an id may have 4 KiB`() {
        func line(_ count: Int) -> String {
            #"{"jsonrpc":"2.0","method":"m","id":"\#(String(repeating: "x", count: count - 2))"}"#
        }
        let id = "\"" + String(repeating: "x", count: 4094) + "\""
        expect(line(4096), "call \(id) m ", "id at the limit")
        expect(line(4097), "error null -32600", "id over the limit")
    }

    @Test func `a batch may have 100 members`() {
        func batch(_ count: Int) -> String {
            "[" + Array(repeating: #"{"jsonrpc":"2.0","method":"m"}"#, count: count).joined(separator: ",") + "]"
        }
        guard case .batch(let items) = decodeInbound(Array(batch(100).utf8)) else {
            Issue.record("no batch")
            return
        }
        #expect(items.count == 100)
        expect(batch(101), "error null -32600 BATCH_TOO_LARGE", "batch over the limit")
        expect(String(batch(101).dropLast()), "error null -32700", "broken batch over the limit")
    }

    @Test func `the line's nesting counts from its outermost bracket`() {
        func call(_ depth: Int) -> String {
            let open = String(repeating: "[", count: depth)
            let close = String(repeating: "]", count: depth)
            return #"{"jsonrpc":"2.0","id":1,"method":"m","params":\#(open)\#(close)}"#
        }
        let params = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        expect(call(63), "call 1 m \(params)", "64 levels")
        expect(call(64), "error null -32700", "65 levels")
        expect("[\(call(62))]", "[call 1 m \(params.dropFirst().dropLast())]", "64 levels in a batch")
        expect("[\(call(63))]", "error null -32700", "65 levels in a batch")
        expect(String(repeating: "[", count: 100_000), "error null -32700", "hostile depth")
    }

    @Test func `errors tell what was wrong`() {
        guard case .single(.invalid(_, let error)) = decodeInbound(Array(#"{"a":1,}"#.utf8)) else {
            Issue.record("not refused")
            return
        }
        #expect(error.data == ["reason": "member name missing", "offset": 7])
        #expect(ResponseError.messageTooLarge().domainCode == .messageTooLarge)
        #expect(ResponseError.messageTooLarge().code == .invalidRequest)
    }

    @Test func `only what a client may send is a known method`() {
        #expect(Call(id: nil, method: "runner.list").wireMethod == .runnerList)
        #expect(Call(id: nil, method: "$/cancelRequest").wireMethod == .cancelRequest)
        #expect(Call(id: nil, method: "runner.log").wireMethod == nil)
        #expect(Call(id: nil, method: "Runner.list").wireMethod == nil)
        #expect(Call(id: nil, method: "rpc.other").wireMethod == nil)
    }
}

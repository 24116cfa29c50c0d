import RunnerProtocol
import TestSupport
import Testing

/// One JSON value per line, whatever the bytes: the "Framing" section of `Protocol/README.md`, over the real socket.
@Suite(.sharedAgent) struct FramingConformanceTests {
    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let answers: [ExpectedAnswer]

        init(_ name: String, _ text: String, gives answers: ExpectedAnswer...) {
            self.init(name, bytes: Array(text.utf8), gives: answers)
        }

        init(_ name: String, bytes: [UInt8], gives answers: [ExpectedAnswer]) {
            testDescription = name
            self.bytes = bytes
            self.answers = answers
        }
    }

    private static let ping = EnvelopeConformanceTests.ping
    private static let lineLimit = 4 << 20

    /// A ping whose last string holds `bytes`.
    private static func ping(holding bytes: [UInt8]) -> [UInt8] {
        Array(#"{"jsonrpc":"2.0","id":1,"method":"agent.ping","x":""#.utf8) + bytes + Array(#""}"#.utf8)
    }

    /// A ping of exactly `bytes` bytes.
    private static func ping(ofBytes bytes: Int) -> [UInt8] {
        ping(holding: Array(repeating: UInt8(ascii: "x"), count: bytes - ping(holding: []).count))
    }

    private static func nested(_ depth: Int) -> [UInt8] {
        // The message and its params are two of the levels.
        let inner = String(repeating: "[", count: depth - 2) + String(repeating: "]", count: depth - 2)
        return Array(#"{"jsonrpc":"2.0","id":1,"method":"agent.ping","params":{"x":\#(inner)}}"#.utf8)
    }

    static let lines = [
        Rule("several lines at once are several messages", "\(ping)\n\(ping)\n\(ping)\n", gives: .ping, .ping, .ping),
        Rule("CRLF ends a line", "\(ping)\r\n\(ping)\r\n", gives: .ping, .ping),
        Rule(
            "a CR alone is white space and ends nothing", "\r\(ping)\r\r\n\(ping)\r\(ping)\n", gives: .ping,
            .parseError()),
        Rule("blank lines are not answered", "\n\r\n \t \n\(ping)\n\n", gives: .ping),
        Rule("the end of the input ends the last line", "\(ping)\n\(ping)", gives: .ping, .ping),
        Rule("nothing at all is not answered", ""),
        Rule("white space around a message is allowed", " \t\(ping) \t\n", gives: .ping),
        Rule(
            "a pretty-printed message is an error for each line", "{\n\"id\": 1\n}\n", gives: .parseError(),
            .parseError(), .parseError()),
        Rule("two values on a line are a parse error", "\(ping)\(ping)\n\(ping)", gives: .parseError(), .ping),
        Rule(
            "HTTP is a parse error for each line that is not blank", "GET / HTTP/1.1\r\nHost: x\r\n\r\n\(ping)\n",
            gives: .parseError(), .parseError(), .ping),
        Rule("so are LSP's headers", "Content-Length: 46\r\n\r\n\(ping)", gives: .parseError(), .ping),
    ]

    static let encodings = [
        Rule("a byte order mark at the very start is skipped", "\u{FEFF}\(ping)\n", gives: .ping),
        Rule("but not on a later line", "\(ping)\n\u{FEFF}\(ping)\n", gives: .ping, .parseError()),
        Rule("and only once", "\u{FEFF}\u{FEFF}\(ping)\n", gives: .parseError()),
        Rule("NUL is no JSON", "\0\n\(ping)\0\n\(ping)\n", gives: .parseError(), .parseError(), .ping),
        Rule("an escaped NUL is a character", bytes: ping(holding: Array(#"\u0000"#.utf8)), gives: [.ping]),
        Rule(
            "UTF-16 is no UTF-8", bytes: ping.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } + [10],
            gives: [.parseError()]),
        Rule(
            "U+2028, U+2029 and U+0085 are characters like others",
            bytes: ping(holding: Array("\u{2028}\u{2029}\u{85}".utf8)), gives: [.ping]),
    ]

    static let invalidText: [Rule] = [
        ("a byte that is none", [0xFF]), ("a lone continuation", [0x80]), ("an overlong NUL", [0xC0, 0x80]),
        ("an overlong slash", [0xE0, 0x80, 0xAF]), ("a surrogate", [0xED, 0xA0, 0x80]),
        ("a code point past the last", [0xF4, 0x90, 0x80, 0x80]), ("a sequence cut short", [0xE2, 0x82]),
        ("a lone high surrogate escape", Array(#"\ud800"#.utf8)),
        ("a lone low surrogate escape", Array(#"\udc00"#.utf8)),
        ("surrogate escapes the wrong way round", Array(#"\udc00\ud800"#.utf8)), ("a raw control character", [0x1F]),
        ("a raw tab", [9]), ("an unknown escape", Array(#"\x"#.utf8)), ("an escape cut short", Array(#"\u00"#.utf8)),
    ].map { name, bytes in
        Rule(
            "a string with \(name) is a parse error", bytes: ping(holding: bytes) + [10] + Array(ping.utf8),
            gives: [.parseError(), .ping])
    }

    static let invalidJSON: [Rule] = [
        "nonsense", "{'id':1}", "{id:1}", #"{"id":1,}"#, "[1,]", "[1 2]", "[,1]", "{\"a\":}", "// comment", "/**/1",
        "NaN",
        "Infinity", "-", "+1", "01", "1.", ".1", "1e", "0x1", "tru", "True", "\"", "]", "}", "[", "{", "\u{A0}1",
    ].map { Rule("\($0) is a parse error", $0 + "\n" + ping, gives: .parseError(), .ping) }

    static let limits = [
        Rule("values may be nested 64 deep", bytes: nested(64), gives: [.ping]),
        Rule("and no deeper", bytes: nested(65), gives: [.parseError()]),
        Rule(
            "a hundred thousand brackets are a parse error", String(repeating: "[", count: 100_000) + "\n" + ping,
            gives: .parseError(), .ping),
        Rule(
            "a hundred thousand open objects are too", String(repeating: #"{"a":"#, count: 100_000) + "\n" + ping,
            gives: .parseError(), .ping),
        Rule(
            "numbers are not computed unless they are needed",
            #"{"jsonrpc":"2.0","id":1,"method":"agent.ping","params":{"a":1e400,"b":-1e-9999,"c":\#(String(repeating: "9", count: 400))}}"#,
            gives: .ping),
        Rule(
            "a number out of range is wrong params, not a broken line",
            #"{"jsonrpc":"2.0","id":1,"method":"runner.list","params":{"limit":1e400}}"#,
            gives: .invalidParams("/limit")),
        Rule("a line may have 4 MiB", bytes: ping(ofBytes: lineLimit) + [10], gives: [.ping]),
        Rule("of which a CR is one", bytes: ping(ofBytes: lineLimit - 1) + [13, 10], gives: [.ping]),
        Rule(
            "a longer one is answered once and skipped", bytes: ping(ofBytes: lineLimit + 1) + [10] + Array(ping.utf8),
            gives: [.error(-32_600, id: "null", code: "MESSAGE_TOO_LARGE"), .ping]),
        Rule(
            "so is a longer one that the end of the input ends", bytes: ping(ofBytes: lineLimit + 2),
            gives: [.error(-32_600, id: "null", code: "MESSAGE_TOO_LARGE")]),
    ]

    @Test(arguments: lines + encodings + invalidText + invalidJSON + limits)
    func `keeps the rule`(_ rule: Rule) async throws {
        try await check(rule)
    }

    @Test(arguments: lines + encodings + invalidText, [1, 7])
    func `keeps the rule however the bytes are cut`(_ rule: Rule, chunk: Int) async throws {
        try await check(rule, chunk: chunk)
    }

    @Test func `a part of a line waits for the rest`() async throws {
        let agent = try SharedAgent.current
        let (slow, other) = (try agent.connect(), try agent.connect())
        let bytes = Array(Self.ping.utf8)
        try await slow.send(bytes: Array(bytes.prefix(20)))
        let meanwhile = try await other.ask(Self.ping)
        #expect(meanwhile.map(ExpectedAnswer.ping.matches) == true)
        #expect(slow.lines.pending == [])
        try await slow.send(bytes: bytes.dropFirst(20) + [10])
        let answer = try await slow.next()
        #expect(answer.map(ExpectedAnswer.ping.matches) == true)
    }

    @Test func `U+2028 and U+2029 are escaped in what the agent writes itself`() async throws {
        let answers = try await SharedAgent.current.answers(
            to: Array("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\u{2028}\u{2029}\"}".utf8))
        #expect(answers.count == 1)
        #expect(answers.first?.contains(#"a\u2028\u2029"#) == true)
        #expect(answers.first?.unicodeScalars.contains { $0.value == 0x2028 || $0.value == 0x2029 } == false)
    }

    @Test func `ten thousand pipelined requests are all answered, each on a line of its own`() async throws {
        let count = 10_000
        let lines = (1...count).map { #"{"jsonrpc":"2.0","id":\#($0),"method":"agent.ping"}"# + "\n" }.joined()
        let answers = try await SharedAgent.current.answers(to: Array(lines.utf8))
        let expected = Set((1...count).map { #"{"jsonrpc":"2.0","id":\#($0),"result":{}}"# })
        #expect(answers.count == count)
        #expect(Set(answers) == expected)
    }

    @Test func `100 MB without a newline cost no more memory than a line may have`() async throws {
        try await AgentUnderTest.run { agent in
            // What a line at the limit costs, here and in the reader of the socket, is spent before.
            let warm = try await agent.answers(to: Self.ping(ofBytes: Self.lineLimit))
            #expect(warm.count == 1)
            let before = try agent.peakMemory()
            let connection = try agent.connect()
            let megabyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
            for _ in 0..<100 { try await connection.send(bytes: megabyte) }
            try await connection.send("\n" + Self.ping)
            connection.halfClose()
            let answers = try await connection.lines.rest()
            #expect(answers.count == 2)
            #expect(
                answers.first.map(ExpectedAnswer.error(-32_600, id: "null", code: "MESSAGE_TOO_LARGE").matches) == true)
            #expect(answers.last.map(ExpectedAnswer.ping.matches) == true)
            let growth = try agent.peakMemory() - before
            #expect(growth < 16 << 10, "\(growth) KiB more")
        }
    }

    private func check(_ rule: Rule, chunk: Int = .max) async throws {
        let answers = try await SharedAgent.current.answers(to: rule.bytes, chunk: chunk)
        #expect(answers.count == rule.answers.count, "\(answers)")
        for (answer, expected) in zip(answers, rule.answers) {
            #expect(expected.matches(answer), "\(answer) is not \(expected)")
        }
    }
}

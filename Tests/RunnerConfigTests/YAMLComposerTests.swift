import Testing

@testable import RunnerConfig

@Suite struct YAMLComposerTests {
    @Test(arguments: [
        "[": 80_000, "{a: ": 20_000, "a: {": 20_000, "- ": 40_000, "? ": 40_000, "[a, ": 20_000, "&a [": 20_000,
    ])
    func `refuses deep nesting at once`(part: String, count: Int) {
        let text = String(repeating: part, count: count)
        let inLimit = String(repeating: part, count: YAMLLimits.standard.textBytes / part.utf8.count)
        let took = ContinuousClock().measure {
            #expect(problems(text).first?.message.contains("bytes") == true)
            #expect(problems(inLimit).first?.message == "nested deeper than 32 levels")
        }
        // Seconds without the limits; the bound leaves room for a busy machine.
        #expect(took < .milliseconds(500))
    }

    @Test func `accepts the deepest nesting and refuses one more`() {
        let open = String(repeating: "[", count: 32)
        let close = String(repeating: "]", count: 32)
        #expect(problems(open + close).isEmpty)
        #expect(problems("[\(open)\(close)]").map(\.column) == [33])
    }

    @Test func `refuses more than 10 000 events`() {
        #expect(problems("[" + String(repeating: "1,", count: 9_900) + "]").isEmpty)
        #expect(
            problems("[" + String(repeating: "1,", count: 10_000) + "]").map(\.message) == [
                "the text has more than 10000 parts"
            ])
    }

    @Test func `refuses a text over 64 KiB`() {
        let limit = YAMLLimits.standard.textBytes
        #expect(problems("#" + String(repeating: "x", count: limit - 1)).isEmpty)
        #expect(
            problems("#" + String(repeating: "x", count: limit)).map(\.message) == [
                "the text has 65537 bytes; at most 65536 are accepted"
            ])
    }

    @Test func `refuses a scalar over 16 KiB`() {
        #expect(problems(String(repeating: "x", count: 16 * 1024)).isEmpty)
        #expect(problems("a: " + String(repeating: "x", count: 16 * 1024 + 1)).map(\.column) == [4])
    }

    @Test func `follows aliases`() throws {
        let root = try #require(compose("a: &x [1, 2]\nb: *x\n"))
        guard case .mapping(let entries) = root.content, case .sequence(let items) = entries[1].value.content else {
            Issue.record("not a mapping with a list")
            return
        }
        #expect(items.count == 2)
        #expect(entries[1].value.mark == YAMLMark(line: 2, column: 4))
    }

    @Test func `refuses a billion laughs`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...6 {
            let uses = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(uses)]\n"
        }
        let took = ContinuousClock().measure {
            #expect(problems(text).map(\.message) == ["aliases stand for more than 10000 values"])
        }
        #expect(took < .milliseconds(500))
    }

    @Test func `refuses more than 64 aliases`() {
        let uses = { (count: Int) in "a: &a 1\nb: [" + String(repeating: "*a,", count: count) + "]\n" }
        #expect(problems(uses(64)).isEmpty)
        #expect(problems(uses(65)).map(\.message) == ["more than 64 aliases"])
    }

    @Test func `counts the depth that aliases add`() {
        var text = "a: &a0 [1]\n"
        for level in 1...40 { text += "b\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(problems(text).map(\.message) == ["nested deeper than 32 levels"])
    }

    @Test(arguments: [
        ("a: *x", "no anchor &x stands before this alias", 4),
        ("&a [*a]", "the anchor &a contains itself", 5),
        ("&a {b: {c: *a}}", "the anchor &a contains itself", 12),
    ])
    func `refuses aliases without an end`(text: String, message: String, column: Int) {
        #expect(problems(text) == [ConfigDiagnostic(line: 1, column: column, path: "", message: message)])
    }

    @Test func `refuses a second document`() {
        let found = problems("a: 1\n---\nb: 2\n")
        #expect(found.map(\.line) == [2])
        #expect(found.first?.message.contains("second document") == true)
    }

    @Test func `reports duplicate keys at any depth with their path`() {
        let found = problems("a: 1\nb:\n  - {x: 1, y: 2, x: 3}\n  - \"x\": 1\n    x: 2\na: 2\n")
        #expect(found.map(\.path) == ["b[0].x", "b[1].x", "a"])
        #expect(found.map(\.line) == [3, 5, 6])
        #expect(found.map(\.column) == [18, 5, 1])
    }

    @Test(arguments: ["[1, 2]: x", "{{a: 1}: x}", "? [a]\n: b"])
    func `refuses collections as keys`(text: String) {
        #expect(problems(text).first?.message.hasPrefix("a key must be a word") == true)
    }

    @Test func `refuses NUL in a value`() {
        #expect(problems("a: \"x\\0y\"").map(\.message) == ["a NUL character is not accepted"])
        #expect(problems("{\"a\": \"\\u0000\"}").map(\.path) == ["a"])
    }

    @Test(arguments: [
        ([0xFF, 0xFE, 0x61, 0x00] as [UInt8], 1), ([0xFE, 0xFF, 0x00, 0x61], 1), ([0x61, 0x3A, 0x20, 0xFF], 4),
        ([0x61, 0x0A, 0xC0, 0x80], 1), ([0xED, 0xA0, 0x80], 1), ([0x61, 0x3A, 0x20, 0x07], 4),
    ])
    func `refuses what is not UTF-8 text`(bytes: [UInt8], column: Int) {
        let report = ConfigReport()
        #expect(YAMLComposer.compose(bytes, report: report) == nil)
        let error = #expect(throws: ConfigError.self) { try report.check() }
        #expect(error?.diagnostics.map(\.column) == [column])
    }

    @Test func `skips a byte order mark`() throws {
        #expect(problems("\u{FEFF}a: 1").isEmpty)
        #expect(problems("\u{FEFF}a: *x").map(\.column) == [4])
    }

    @Test func `warns about YAML 1.1 and keeps the rules of 1.2`() throws {
        let report = ConfigReport()
        let root = try #require(YAMLComposer.compose(Array("%YAML 1.1\n---\nyes".utf8), report: report))
        guard case .scalar(let scalar) = root.content else {
            Issue.record("not a scalar")
            return
        }
        #expect(scalar.value == .string("yes"))
        #expect(report.warnings.map(\.line) == [1])
    }

    @Test func `accepts YAML 1.2 in silence and refuses other versions and directives`() {
        #expect(problems("%YAML 1.2\n---\na").isEmpty)
        #expect(!problems("%YAML 1.3\n---\na").isEmpty)
        #expect(!problems("%FOO\n---\na").isEmpty)
    }

    @Test(arguments: [
        ("!!str 3000", YAMLValue.string("3000")), ("! 3000", .string("3000")), ("!!int \"7\"", .number(7)),
        ("!!float 1", .number(1)), ("!!bool 'true'", .bool(true)), ("!!null ''", .null), ("'3000'", .string("3000")),
        ("\"true\"", .string("true")), ("|\n  12", .string("12")), (">-\n  ~", .string("~")),
    ])
    func `resolves by tag and style`(text: String, value: YAMLValue) throws {
        guard case .scalar(let scalar)? = compose(text)?.content else {
            Issue.record("not a scalar: \(problems(text))")
            return
        }
        #expect(scalar.value == value)
    }

    @Test(arguments: [
        "!foo bar", "!!int x", "!!int 1.5", "!!binary aGk=", "!!set {a}", "!!omap [a: 1]", "!!seq {a: 1}", "!!map [1]",
    ])
    func `refuses tags that do not fit`(text: String) {
        #expect(problems(text).map(\.message) == [YAMLTag.problem])
    }

    @Test(arguments: ["v: -", "a:\n\tb: 1", "a: [1", "a: 'x", "a: b: c", "- a\nb", "@x", "{a: 1}}", "\"\\q\""])
    func `says where the syntax is wrong`(text: String) {
        let found = problems(text)
        #expect(found.count == 1)
        #expect(found.first?.message.hasPrefix("not valid YAML: ") == true)
    }

    @Test func `an empty text has no document`() {
        for text in ["", "\n", "# only a comment\n", "---\n...\n"] {
            #expect(problems(text).isEmpty)
            #expect(compose(text)?.isNull ?? true)
        }
    }

    private func compose(_ text: String) -> YAMLNode? {
        YAMLComposer.compose(Array(text.utf8), report: ConfigReport())
    }

    private func problems(_ text: String) -> [ConfigDiagnostic] {
        let report = ConfigReport()
        _ = YAMLComposer.compose(Array(text.utf8), report: report)
        do {
            try report.check()
            return []
        } catch {
            return error.diagnostics
        }
    }
}

import Testing

@testable import RunnerConfig

@Suite struct JSONTextTests {
    @Test(arguments: [
        (#"{"a": "\/"}"#, "/"), (#"{"a":"\ud83d\ude00!"}"#, "😀!"),
        (#"{"a":"\u00e9\t\r\n\b\f\"\\"}"#, "é\t\r\n\u{8}\u{C}\"\\"),
        (#"{"a":"\\ud83d\\ude00"}"#, #"\ud83d\ude00"#),
        ("{\"a\":\"x\u{2028}y\u{85}z\u{7F}\u{FEFF}\"}", "x\u{2028}y\u{85}z\u{7F}\u{FEFF}"),
        ("{\n\t\"a\":\t\"tabs\"\n}", "tabs"), (#"{"a":"😀"}"#, "😀"), (#"[]"#, nil),
        (##"{"a":"# not: a [comment]"}"##, "# not: a [comment]"),
        (#"{"a":"\uD83D\uDE00\uD83D\uDE01"}"#, "😀😁"),
    ])
    func `reads strings of JSON`(text: String, value: String?) throws {
        let report = ConfigReport()
        let root = YAMLComposer.compose(Array(text.utf8), report: report)
        try report.check()
        guard case .mapping(let entries)? = root?.content, case .scalar(let scalar)? = entries.first?.value.content
        else {
            #expect(value == nil)
            return
        }
        #expect(scalar.text == value)
    }

    @Test(arguments: [#"{"a":"\ud83d"}"#, #"{"a":"\ude00\ud83d"}"#, #"{"a":"\ud83dx\ude00"}"#])
    func `refuses lone surrogates`(text: String) {
        let report = ConfigReport()
        #expect(YAMLComposer.compose(Array(text.utf8), report: report) == nil)
        #expect(throws: ConfigError.self) { try report.check() }
    }

    @Test func `leaves YAML as it is`() {
        for text in [#"{a: '\ud83d\ude00'}"#, #"a: \ud83d\ude00"#, #"{a: x"\ud83d\ude00"}"#, "a: b"] {
            #expect(JSONText(Array(text.utf8)).yaml == Array(text.utf8))
        }
    }

    @Test func `keeps columns true after an escape was rewritten`() {
        let found = componentErrors("{\n\"x\": \"\u{2028}\", \"y\": \"\\ud83d\\ude00\", \"runner\": {\"type\": 5}}")
        #expect(found.map(\.path) == ["runner.ports", "runner.type"])
        #expect(found.map(\.line) == [2, 2])
        #expect(found.map(\.column) == [42, 51])
    }
}

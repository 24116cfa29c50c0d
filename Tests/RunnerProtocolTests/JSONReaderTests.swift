import Testing

@testable import RunnerProtocol

@Suite struct JSONReaderTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "-0"), ("10", "10"), ("1.50", "1.50"), ("-1.5e+10", "-1.5e+10"), ("1E400", "1E400"),
        ("12345678901234567890123456789012345678901", "12345678901234567890123456789012345678901"),
        ("true", "true"), (" \t\r\n null \n", "null"), (#""""#, #""""#), ("[]", "[]"), ("{}", "{}"),
        (#"[1,"a",null,{"b":[]}]"#, #"[1,"a",null,{"b":[]}]"#),
        (#"{ "b" : 1 , "a" : { } }"#, #"{"b":1,"a":{}}"#),
        (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\u0008\u000c\n\r\t""#),
        (#""\u0041\u00e9\u20AC\ud83d\ude00""#, #""Aé€😀""#),
        (#""\u0000""#, #""\u0000""#),
        ("\"\u{7f}\u{85}\"", "\"\u{7f}\u{85}\""),
        (#"{"":0}"#, #"{"":0}"#),
        (#"{"a":{"a":1},"b":{"a":1}}"#, #"{"a":{"a":1},"b":{"a":1}}"#),
        // Canonically equivalent, yet two names.
        ("{\"\u{e9}\":1,\"e\u{301}\":2}", "{\"\u{e9}\":1,\"e\u{301}\":2}"),
    ])
    func `reads and writes back`(text: String, expected: String) throws {
        let value = try JSONReader.parse(Array(text.utf8))
        #expect(String(decoding: value.serialized, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "True", "NaN", "Infinity", "undefined", "'a'", "a",
        "[1,]", "[,1]", "[1 2]", "[1,,2]", "[", "]", "[1", "[1,", "[1}", "{]",
        "{", "}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, #"{"a" 1}"#, #"{a:1}"#, #"{1:1}"#,
        #"{"a":1"#, #"{"a":"#, #"{"a""#, #"{"a":1,"#, #"{null:1}"#, #"{"a"::1}"#,
        "01", "-01", "-", "+1", ".5", "1.", "-.5", "1e", "1e+", "2.e3", "1.e1", "0x1", "0e", "1_000", "--1", "1-", "-a",
        #"""#, #""a"#, #""\"#, #""\x""#, #""\u12""#, #""\u12G4""#, #""\uD800"#, #""\U0041""#, #""\0""#,
        #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud800\n""#, #"{"\ud800":1}"#,
        "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1f}\"", "\u{0}", "1\u{0}", "\u{b}1", "\u{c}1", "\u{a0}1",
        "\u{feff}1", "1 2", "{}{}", "1 // c", "/**/1", "# 1", #""a" "b""#,
    ])
    func `refuses text that is no JSON`(text: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(Array(text.utf8)) }
        #expect(error?.kind == .syntax)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func `refuses invalid UTF-8 in strings and names`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let string = [quote] + bytes + [quote]
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(string) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(Array("{".utf8) + string + Array(":1}".utf8)) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse([quote] + bytes) }
    }

    @Test(
        arguments: [
            [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80],
            [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
        ] as [[UInt8]])
    func `takes the bounds of UTF-8`(bytes: [UInt8]) throws {
        let value = try JSONReader.parse([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")])
        #expect(value.stringValue.map { Array($0.utf8) } == bytes)
    }

    @Test func `refuses UTF-16`() {
        let text = "\u{feff}{\"a\":1}".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(text) }
        #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(Array(text.dropFirst(2))) }
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":3}"#, #"[[{"x":{"":1,"":2}}]]"#, #"{"a":1,"\u0061":2}"#,
        #"{"\u0061":1,"a":2}"#,
        #"{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"10":0,"1":0}"#,
        #"{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"10":0,"10":0}"#,
    ])
    func `refuses a repeated member name at any depth`(text: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(Array(text.utf8)) }
        #expect(error?.kind == .duplicateKey)
    }

    @Test func `broken text after a repeated name is a syntax error`() {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(Array(#"{"a":1,"a":1"#.utf8)) }
        #expect(error?.kind == .syntax)
    }

    @Test func `many distinct names are taken`() throws {
        let names = (0..<5000).map { #""name\#($0)":\#($0)"# }.joined(separator: ",")
        let value = try JSONReader.parse(Array("{\(names)}".utf8))
        #expect(value.objectValue?.count == 5000)
        #expect(value["name4999"]?.intValue == 4999)
    }

    @Test(arguments: ["[", #"{"a":"#])
    func `nesting ends at the limit`(open: String) {
        let close = open == "[" ? "]" : "}"
        func text(_ depth: Int) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONReader.parse(text(64)) }
        let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(text(65)) }
        #expect(error?.kind == .depth)
        #expect(throws: JSONSyntaxError.self) {
            try JSONReader.parse(Array(String(repeating: open, count: 100_000).utf8))
        }
    }

    @Test(
        arguments: [
            ("1", 1), ("1.0", 1), ("1e3", 1000), ("-5", -5), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", Int64.min), ("9223372036854775808", nil), ("1.5", nil), ("1e400", nil),
            ("1e-400", 0),
            ("9007199254740993.0", nil),
        ] as [(String, Int64?)])
    func `a number is an integer when it is whole and fits`(text: String, expected: Int64?) throws {
        #expect(try JSONReader.parse(Array(text.utf8)).intValue == expected)
    }

    @Test func `names are compared byte for byte`() {
        let object: JSONObject = ["\u{e9}": 1, "a": 2]
        #expect(object["e\u{301}"] == nil)
        #expect(object["\u{e9}"] == 1)
        #expect(object["A"] == nil)
    }
}

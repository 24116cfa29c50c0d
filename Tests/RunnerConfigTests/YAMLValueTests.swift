import Testing

@testable import RunnerConfig

@Suite struct YAMLValueTests {
    @Test(arguments: [
        ("3000", 3000), ("+3", 3), ("-3", -3), ("03000", 3000), ("0777", 777), ("012", 12), ("08", 8), ("0o17", 15),
        ("0x1F", 31), ("3.0", 3), ("3.", 3), ("1e3", 1000), ("12e03", 12000), (".5", 0.5), ("-.5e-1", -0.05),
        (".inf", .infinity), ("+.INF", .infinity), ("-.inf", -.infinity), ("9007199254740993", 9_007_199_254_740_992),
        ("1e400", .infinity), ("0xFFFFFFFFFFFFFFFFFFFF", 1_208_925_819_614_629_174_706_176),
    ])
    func `resolves numbers as YAML 1.2 does`(text: String, number: Double) {
        #expect(YAMLValue(resolving: text) == .number(number))
    }

    @Test(arguments: [
        "0b101", "1_000", "3000:3000", "80:3000/tcp", "22:22", "1:30", "190:20:30", "yes", "no", "on", "off", "Yes",
        "NO",
        "y", "n", "tRuE", "nULL", "2024-01-01", "2001-12-14t21:59:43.10-05:00", "=", "<<", "0x", "0o", "0o8", "0xg",
        "+0x1",
        "-0o1", ".", "+", "-", "e3", "1e", "1e+", ".e3", "1.2.3", "+-1", "1 ", "٣", ".Nan", "inf", "nan", "Infinity",
    ])
    func `leaves everything else a string`(text: String) {
        #expect(YAMLValue(resolving: text) == .string(text))
    }

    @Test(arguments: ["", "~", "null", "Null", "NULL"])
    func `resolves null`(text: String) {
        #expect(YAMLValue(resolving: text) == .null)
    }

    @Test(arguments: [
        ("true", true), ("True", true), ("TRUE", true), ("false", false), ("False", false), ("FALSE", false),
    ])
    func `resolves booleans`(text: String, value: Bool) {
        #expect(YAMLValue(resolving: text) == .bool(value))
    }

    @Test(arguments: [".nan", ".NaN", ".NAN"])
    func `resolves not-a-number`(text: String) throws {
        guard case .number(let number) = YAMLValue(resolving: text) else {
            Issue.record("\(text) is not a number")
            return
        }
        #expect(number.isNaN)
    }

    @Test(arguments: [
        (1.0, "1"), (-3, "-3"), (0, "0"), (-0.0, "0"), (1.5, "1.5"), (100, "100"), (0.1, "0.1"), (0.000001, "0.000001"),
        (0.0000001, "1e-7"), (1.5e-9, "1.5e-9"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
        (1.25e22, "1.25e+22"),
        (123_456_789.125, "123456789.125"), (9_007_199_254_740_992, "9007199254740992"), (.infinity, "Infinity"),
        (-.infinity, "-Infinity"), (.nan, "NaN"), (.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
    ])
    func `writes numbers as JavaScript does`(number: Double, text: String) {
        #expect(number.javaScriptText == text)
    }
}

/// A scalar with its text and what the text means.
struct YAMLScalar: Sendable, Hashable {
    /// The text after quotes, escapes and folding.
    var text: String
    var value: YAMLValue
}

/// What a scalar means in the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema).
///
/// Numbers are doubles because the schema's other readers of these files are JavaScript.
enum YAMLValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)

    /// The meaning of a plain, untagged scalar.
    ///
    /// `012` is 12, `0o17` is 15, `22:22`, `1_000`, `yes` and `2024-01-01` are strings.
    init(resolving text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        case ".nan", ".NaN", ".NAN": self = .number(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": self = .number(-.infinity)
        default: self = Self.number(in: text).map(YAMLValue.number) ?? .string(text)
        }
    }

    private static func number(in text: String) -> Double? {
        let bytes = Array(text.utf8)
        if bytes.starts(with: "0o".utf8) { return digits(bytes.dropFirst(2), base: 8) }
        if bytes.starts(with: "0x".utf8) { return digits(bytes.dropFirst(2), base: 16) }
        return isDecimal(bytes[...]) ? Double(text) : nil
    }

    private static func digits(_ bytes: ArraySlice<UInt8>, base: Int) -> Double? {
        guard !bytes.isEmpty else { return nil }
        var value = 0.0
        for byte in bytes {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < base else { return nil }
            value = value * Double(base) + Double(digit)
        }
        return value
    }

    /// Matches `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
    private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        dropSign(&rest)
        let whole = dropDigits(&rest)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let fraction = dropDigits(&rest)
            guard whole + fraction > 0 else { return false }
        } else if whole == 0 {
            return false
        }
        guard let mark = rest.first else { return true }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return false }
        rest.removeFirst()
        dropSign(&rest)
        return dropDigits(&rest) > 0 && rest.isEmpty
    }

    private static func dropSign(_ bytes: inout ArraySlice<UInt8>) {
        if bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    }

    private static func dropDigits(_ bytes: inout ArraySlice<UInt8>) -> Int {
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        bytes = bytes[digits.endIndex...]
        return digits.count
    }
}

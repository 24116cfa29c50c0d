/// A JSON number that keeps the text it was written as.
///
/// Two numbers are equal when their texts are: `1` and `1.0` differ.
package struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The number's JSON text, as sent.
    package let text: String

    package init(_ value: some FixedWidthInteger) {
        text = String(value)
    }

    /// Takes text that is a JSON number by the scanner's check.
    init(scanned text: String) {
        self.text = text
    }

    /// The value when it is a whole number that fits; `1.0` and `1e3` count as whole, as in JSON Schema.
    package var int: Int64? {
        if let value = Int64(text) { return value }
        guard let value = double, value.magnitude < Self.exactIntegerLimit else { return nil }
        // `Int64(exactly:)` would call libm, which nothing else here needs.
        let whole = Int64(value)
        return Double(whole) == value ? whole : nil
    }

    /// The nearest binary value; nil when it is out of range, as in `1e400`.
    package var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    package var description: String { text }

    /// 2^53: below it every whole number has an exact `Double`.
    private static let exactIntegerLimit: Double = 9_007_199_254_740_992
}

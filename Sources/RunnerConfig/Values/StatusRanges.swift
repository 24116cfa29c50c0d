/// HTTP status codes as text: `200`, `200-399`, and lists of these.
enum StatusRanges {
    private static let accepted = 100...599
    private static let hint = "an HTTP status from 100 to 599 or a range such as 200-399"
    private static let limit = 32

    /// Reads a single status or range, or a list of them.
    static func read(_ field: ConfigField) -> [ClosedRange<Int>]? {
        guard case .sequence = field.node.content else { return field.textOrNumber(hint, parse).map { [$0] } }
        guard let items = field.items(limit: limit) else { return nil }
        if items.isEmpty { field.fail("must not be empty: \(hint)") }
        return items.compactMap { $0.textOrNumber(hint, parse) }
    }

    static func parse(_ text: String) throws(ConfigValueError) -> ClosedRange<Int> {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.allSatisfy(\.isASCIIDigit) ? Int($0) : nil }
        guard let first = numbers.first, let last = numbers.last, parts.count <= 2, numbers.count == parts.count,
            first <= last, accepted.contains(first), accepted.contains(last)
        else { throw ConfigValueError("\(quoted(text)) is not \(hint)") }
        return first...last
    }
}

/// Durations as text: `500ms`, `30s`, `1m30s`, `7d`.
enum DurationText {
    /// From the longest to the shortest, the order they stand in within one text.
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    static func parse(_ text: String) throws(ConfigValueError) -> Duration {
        var rest = text.utf8[...]
        var total: Int64 = 0
        var allowed = units[...]
        while !rest.isEmpty || total == 0 && allowed.count == units.count {
            let digits = rest.prefix(while: \.isASCIIDigit)
            let letters = rest[digits.endIndex...].prefix { !$0.isASCIIDigit }
            guard let unit = allowed.firstIndex(where: { $0.suffix.utf8.elementsEqual(letters) }),
                let count = Int64(Substring(digits))
            else { throw notADuration(text) }
            let part = count.multipliedReportingOverflow(by: units[unit].milliseconds)
            let sum = total.addingReportingOverflow(part.partialValue)
            guard !part.overflow, !sum.overflow else { throw ConfigValueError("\(quoted(text)) is too long") }
            total = sum.partialValue
            allowed = units[(unit + 1)...]
            rest = rest[letters.endIndex...]
        }
        return .milliseconds(total)
    }

    /// The shortest text that reads back as `duration`, to the millisecond.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        var text = ""
        for unit in units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.suffix)"
            rest %= unit.milliseconds
        }
        return text.isEmpty ? "0s" : text
    }

    private static func notADuration(_ text: String) -> ConfigValueError {
        let shown = quoted(text)
        if !text.isEmpty, text.utf8.allSatisfy(\.isASCIIDigit) {
            return ConfigValueError("\(shown) has no unit; for seconds write \(quoted(text + "s"))")
        }
        return ConfigValueError(
            "\(shown) is not a duration; accepted: whole numbers with ms, s, m, h or d, as in 30s or 1m30s")
    }
}

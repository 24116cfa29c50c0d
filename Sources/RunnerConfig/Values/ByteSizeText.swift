/// Sizes as text: `1048576`, `512m`, `2g`, `64MiB`.
///
/// Units are powers of 1024 and upper case means the same.
enum ByteSizeText {
    private static let units: [(suffix: String, bytes: Int64)] = [
        ("t", 1 << 40), ("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10),
    ]

    static func parse(_ text: String) throws(ConfigValueError) -> Int64 {
        let digits = text.utf8.prefix(while: \.isASCIIDigit)
        let suffix = Substring(text.utf8[digits.endIndex...]).lowercased()
        guard !digits.isEmpty, let unit = bytes(of: suffix) else {
            throw ConfigValueError(
                "\(quoted(text)) is not a size; accepted: whole numbers of bytes, or with k, m, g or t, as in 512m")
        }
        let size = Int64(Substring(digits))?.multipliedReportingOverflow(by: unit)
        guard let size, !size.overflow else { throw ConfigValueError("\(quoted(text)) is too large") }
        return size.partialValue
    }

    /// The shortest text that reads back as `size`.
    static func text(_ size: Int64) -> String {
        guard size > 0, let unit = units.first(where: { size % $0.bytes == 0 }) else { return String(size) }
        return "\(size / unit.bytes)\(unit.suffix)"
    }

    private static func bytes(of suffix: String) -> Int64? {
        if suffix.isEmpty || suffix == "b" { return 1 }
        return units.first { ["\($0.suffix)", "\($0.suffix)b", "\($0.suffix)i", "\($0.suffix)ib"].contains(suffix) }?
            .bytes
    }
}

/// Numeric addresses by their text alone.
enum IPAddress {
    /// Four decimal numbers without leading zeros.
    static func isVersion4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(\.isASCIIDigit) else { return false }
                return part.utf8.count == 1 || !part.hasPrefix("0") ? (Int(part) ?? 256) <= 255 : false
            }
    }

    /// RFC 4291, section 2.2; without a zone.
    static func isVersion6(_ text: some StringProtocol) -> Bool {
        guard let gap = firstGap(in: String(text)) else { return groups(in: text) == 8 }
        guard let left = groups(in: gap.left), let right = groups(in: gap.right) else { return false }
        return left + right <= 7 && !gap.left.contains(".")
    }

    private static func firstGap(in text: String) -> (left: Substring, right: Substring)? {
        var index = text.startIndex
        while index < text.endIndex {
            let rest = text[index...]
            if rest.hasPrefix("::") { return (text[..<index], rest.dropFirst(2)) }
            index = text.index(after: index)
        }
        return nil
    }

    /// How many 16-bit groups these are, or nil when they are none.
    ///
    /// An IPv4 address at the end counts two.
    private static func groups(in text: some StringProtocol) -> Int? {
        if text.isEmpty { return 0 }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var count = 0
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard isVersion4(part) else { return nil }
                count += 2
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
                    return nil
                }
                count += 1
            }
        }
        return count
    }
}

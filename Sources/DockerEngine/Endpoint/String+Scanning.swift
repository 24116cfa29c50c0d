/// The few text operations that reading the engine's messages needs; the standard library's `Regex` costs more to load.
extension StringProtocol {
    /// The text without white space and line ends at both ends.
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// What follows the first occurrence of a marker.
    func after(_ marker: String) -> Substring? {
        let text = Substring(self)
        guard let range = text.firstRange(of: marker) else { return nil }
        return text[range.upperBound...]
    }

    /// What precedes the first occurrence of a marker.
    func before(_ marker: String) -> Substring? {
        let text = Substring(self)
        guard let range = text.firstRange(of: marker) else { return nil }
        return text[..<range.lowerBound]
    }

    /// The decimal number the text starts with.
    var leadingNumber: Int? {
        Int(Substring(self).prefix { $0.isASCII && $0.isNumber })
    }

    /// Whether any of the markers occurs; the text is expected in lower case where the markers are.
    func containsAny(_ markers: String...) -> Bool {
        markers.contains { Substring(self).contains($0) }
    }
}

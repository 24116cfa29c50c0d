/// Where the content of a scanned string lies, without its quotes.
struct StringToken {
    var start: Int
    var end: Int
    var isEscaped: Bool

    /// The string's value.
    ///
    /// The bytes must be those the token was scanned from.
    func string(_ bytes: Span<UInt8>) -> String {
        guard !isEscaped else { return String(decoding: unescaped(bytes), as: UTF8.self) }
        return String(scanned: bytes, start..<end)
    }

    /// The value's bytes in one word, first byte highest; 0 when there are none or more than eight.
    ///
    /// Short names are compared as words: the envelope of every message is.
    func packed(_ bytes: Span<UInt8>) -> UInt64 {
        guard !isEscaped else { return Self.packed(unescaped(bytes)) }
        guard end - start <= 8 else { return 0 }
        var word: UInt64 = 0
        for index in start..<end { word = word << 8 | UInt64(bytes[index]) }
        return word
    }

    static func packed(_ value: some Collection<UInt8>) -> UInt64 {
        value.count > 8 ? 0 : value.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The value as UTF-8.
    func unescaped(_ bytes: Span<UInt8>) -> [UInt8] {
        var value: [UInt8] = []
        value.reserveCapacity(end - start)
        var index = start
        while index < end {
            let byte = bytes[index]
            guard byte == ASCII.backslash else {
                value.append(byte)
                index += 1
                continue
            }
            let escape = bytes[index + 1]
            guard escape == UInt8(ascii: "u") else {
                value.append(Self.plainEscape(escape))
                index += 2
                continue
            }
            index += Self.appendScalar(bytes, at: index, to: &value)
        }
        return value
    }

    private static func plainEscape(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): ASCII.newline
        case UInt8(ascii: "r"): ASCII.carriageReturn
        case UInt8(ascii: "t"): ASCII.tab
        default: escape
        }
    }

    /// Appends the scalar of the `\u` escape or surrogate pair at `index`; answers how many bytes it took.
    private static func appendScalar(_ bytes: Span<UInt8>, at index: Int, to value: inout [UInt8]) -> Int {
        let unit = codeUnit(bytes, at: index) ?? 0
        guard UTF16.isLeadSurrogate(unit) else {
            value.append(contentsOf: String(decoding: [unit], as: UTF16.self).utf8)
            return 6
        }
        let trail = codeUnit(bytes, at: index + 6) ?? 0
        value.append(contentsOf: String(decoding: [unit, trail], as: UTF16.self).utf8)
        return 12
    }

    /// The UTF-16 code unit of the `\uXXXX` at `index`; nil when four hex digits do not follow.
    static func codeUnit(_ bytes: Span<UInt8>, at index: Int) -> UInt16? {
        guard index + 6 <= bytes.count else { return nil }
        var unit: UInt16 = 0
        for digit in (index + 2)..<(index + 6) {
            guard let value = ASCII.hexValue(bytes[digit]) else { return nil }
            unit = unit << 4 | value
        }
        return unit
    }
}

extension String {
    /// Copies bytes that the scanner has already found to be valid UTF-8.
    init(scanned bytes: Span<UInt8>, _ range: Range<Int>) {
        do {
            self = String(copying: try UTF8Span(validating: bytes.extracting(range)))
        } catch {
            preconditionFailure("the scanner passed invalid UTF-8")
        }
    }
}

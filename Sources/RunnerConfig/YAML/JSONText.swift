/// Makes JSON text readable as YAML without a change of meaning.
///
/// JSON is nearly a subset of YAML. What differs, inside strings only: libyaml knows no `\uD83D\uDE00` pairs, folds
/// U+0085, U+2028 and U+2029 as line ends, and refuses U+007F to U+009F, U+FEFF, U+FFFE and U+FFFF. These become
/// escapes of their own, and `mark(_:)` undoes the shift of columns that this makes.
struct JSONText {
    private struct Shift {
        var mark: YAMLMark
        var columns: Int
    }

    /// The text to parse: the given one, unless it is JSON with something to escape.
    private(set) var yaml: [UInt8]
    private var shifts: [Shift] = []

    /// `text` must be valid UTF-8.
    init(_ text: [UInt8]) {
        yaml = text
        // Without a backslash or anything beyond printable ASCII there is nothing to escape.
        guard text.contains(where: { $0 == UInt8(ascii: "\\") || $0 >= 0x7F }), Self.isJSON(text) else { return }
        rewrite(text)
    }

    /// The place in the given text of a place in `yaml`.
    func mark(_ mark: YAMLMark) -> YAMLMark {
        var column = mark.column
        for shift in shifts where shift.mark.line == mark.line && shift.mark.column < mark.column {
            column -= shift.columns
        }
        return YAMLMark(line: mark.line, column: max(column, 1))
    }

    /// Whether everything outside double-quoted strings is punctuation, a number or a word: no YAML quoting, comment,
    /// block scalar or anchor, so the strings found this way are the strings YAML finds.
    private static func isJSON(_ text: [UInt8]) -> Bool {
        var inString = false
        var escaped = false
        var previous: UInt8?
        for byte in text {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch UnicodeScalar(byte) {
            case " ", "\t", "\r", "\n": continue
            case "\"":
                // Anywhere else a quote would be part of a plain scalar.
                guard let previous, "{[,:".utf8.contains(previous) else { return false }
                inString = true
            case "{", "[": break
            case "}", "]", ":", ",", "+", "-", ".", "0"..."9", "a"..."z", "A"..."Z":
                if previous == nil { return false }
            default: return false
            }
            previous = byte
        }
        return !inString
    }

    private mutating func rewrite(_ text: [UInt8]) {
        let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
        var output = String.UnicodeScalarView()
        var mark = YAMLMark.start
        var index = 0
        while index < scalars.count {
            let (replacement, length) = Self.replacement(in: scalars, at: index)
            if let replacement {
                let shift = replacement.unicodeScalars.count - length
                shifts.append(Shift(mark: mark, columns: shift))
                output.append(contentsOf: replacement.unicodeScalars)
                mark.column += replacement.unicodeScalars.count
            } else {
                for scalar in scalars[index..<index + length] { output.append(scalar) }
                mark.column += length
                if scalars[index] == "\n" { mark = YAMLMark(line: mark.line + 1, column: 1) }
            }
            index += length
        }
        if !shifts.isEmpty { yaml = Array(String(output).utf8) }
    }

    /// What stands in place of the scalar or escape at `index`, if anything, and how many scalars it takes.
    private static func replacement(in scalars: [UnicodeScalar], at index: Int) -> (String?, length: Int) {
        switch scalars[index].value {
        case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
            return ("\\u" + hex(scalars[index].value, width: 4), 1)
        case 0x5C:
            guard let high = escape(in: scalars, at: index), (0xD800...0xDBFF).contains(high),
                let low = escape(in: scalars, at: index + 6), (0xDC00...0xDFFF).contains(low)
            else { return (nil, min(2, scalars.count - index)) }
            return ("\\U" + hex(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00), width: 8), 12)
        default:
            return (nil, 1)
        }
    }

    /// The code of a `\uXXXX` at `index`.
    private static func escape(in scalars: [UnicodeScalar], at index: Int) -> UInt32? {
        guard index + 6 <= scalars.count, scalars[index] == "\\", scalars[index + 1] == "u" else { return nil }
        var code: UInt32 = 0
        for scalar in scalars[index + 2..<index + 6] {
            guard scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return nil }
            code = code << 4 | UInt32(digit)
        }
        return code
    }

    private static func hex(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// The next Unicode scalar of `bytes`, or nil for one byte that is not part of valid UTF-8; moves `index` past it.
func nextScalar(in bytes: [UInt8], at index: inout Int) -> Unicode.Scalar? {
    let first = bytes[index]
    index += 1
    let count: Int
    var value: UInt32
    let smallest: UInt32
    switch first {
    case 0..<0x80: return Unicode.Scalar(first)
    case 0xC2...0xDF: (count, value, smallest) = (1, UInt32(first & 0x1F), 0x80)
    case 0xE0...0xEF: (count, value, smallest) = (2, UInt32(first & 0x0F), 0x800)
    case 0xF0...0xF4: (count, value, smallest) = (3, UInt32(first & 0x07), 0x1_0000)
    default: return nil
    }
    guard index + count <= bytes.count else { return nil }
    for offset in 0..<count {
        let byte = bytes[index + offset]
        guard byte & 0xC0 == 0x80 else { return nil }
        value = value << 6 | UInt32(byte & 0x3F)
    }
    // Unicode.Scalar refuses surrogates and values over 10FFFF; overlong forms are ours to refuse.
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
    index += count
    return scalar
}

/// The most characters of a hostile name that one message shows.
private let shownNameLimit = 200

/// `bytes` as text that is safe in a log or a terminal, at most 200 characters of it.
///
/// Control, format and unassigned-looking characters, and bytes that are not UTF-8, are written as escapes: a name may
/// hold newlines, terminal sequences or characters that reverse the text around them.
package func escapedForDisplay(_ bytes: [UInt8]) -> String {
    var text = ""
    var shown = 0
    var index = 0
    while index < bytes.count {
        if shown >= shownNameLimit { return text + "..." }
        let start = index
        let piece: String
        if let scalar = nextScalar(in: bytes, at: &index) {
            piece = escaped(scalar)
        } else {
            piece = "\\x" + hex(UInt32(bytes[start]), width: 2)
        }
        text += piece
        shown += piece.utf8.count == 1 ? 1 : piece.unicodeScalars.count
    }
    return text
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\\": return "\\\\"
    case "\"": return "\\\""
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control where scalar.value < 0x80: return "\\x" + hex(scalar.value, width: 2)
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        return "\\u{" + hex(scalar.value, width: 1) + "}"
    default: return String(Character(scalar))
    }
}

private func hex(_ value: UInt32, width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

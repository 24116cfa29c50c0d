extension JSONWriter {
    package mutating func string(_ value: String) {
        separate()
        bytes.append(ASCII.quote)
        let clean = Self.cleanCount(value.utf8Span.span)
        if clean == value.utf8.count {
            bytes.append(contentsOf: value.utf8)
        } else {
            _ = escape(Array(value.utf8), clean: clean)
        }
        bytes.append(ASCII.quote)
    }

    /// Writes UTF-8 bytes as a string; writes nothing and answers false when they are not valid UTF-8.
    package mutating func stringBytes(_ text: [UInt8]) -> Bool {
        let mark = bytes.count
        separate()
        bytes.append(ASCII.quote)
        let clean = Self.cleanCount(text.span)
        if clean == text.count {
            bytes.append(contentsOf: text)
        } else if !escape(text, clean: clean) {
            bytes.removeSubrange(mark...)
            return false
        }
        bytes.append(ASCII.quote)
        return true
    }

    /// How many bytes at the start are ASCII that needs no escape.
    private static func cleanCount(_ text: Span<UInt8>) -> Int {
        var index = 0
        while index < text.count {
            let byte = text[index]
            guard byte >= 0x20, byte < 0x80, byte != ASCII.quote, byte != ASCII.backslash else { return index }
            index += 1
        }
        return index
    }

    /// Appends `text`, copying whole runs between the bytes that need an escape; false at invalid UTF-8.
    ///
    /// U+2028 and U+2029 are escaped because line readers of some clients end a line at them.
    private mutating func escape(_ text: [UInt8], clean: Int) -> Bool {
        let span = text.span
        var index = clean
        var runStart = 0
        while index < span.count {
            let byte = span[index]
            if byte >= 0x80 {
                let length = UTF8Sequence.length(in: span, at: index)
                guard length > 0 else { return false }
                if byte == 0xE2, span[index + 1] == 0x80, span[index + 2] & 0xFE == 0xA8 {
                    bytes.append(contentsOf: text[runStart..<index])
                    bytes.append(contentsOf: span[index + 2] == 0xA8 ? #"\u2028"#.utf8 : #"\u2029"#.utf8)
                    runStart = index + length
                }
                index += length
            } else if byte >= 0x20, byte != ASCII.quote, byte != ASCII.backslash {
                index += 1
            } else {
                bytes.append(contentsOf: text[runStart..<index])
                escape(byte)
                index += 1
                runStart = index
            }
        }
        bytes.append(contentsOf: text[runStart...])
        return true
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(ASCII.backslash)
        switch byte {
        case ASCII.quote, ASCII.backslash: bytes.append(byte)
        case ASCII.newline: bytes.append(UInt8(ascii: "n"))
        case ASCII.carriageReturn: bytes.append(UInt8(ascii: "r"))
        case ASCII.tab: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(ASCII.zero + byte >> 4)
            let low = byte & 0xF
            bytes.append(low < 10 ? ASCII.zero + low : UInt8(ascii: "a") + low - 10)
        }
    }
}

// Text from outside is compared and cut by its bytes. By characters, a combining mark after a `/` or a `.` would hide it
// from a check while the file system and git still see it.

extension StringProtocol where SubSequence == Substring {
    /// The first place where the bytes of `wanted` occur.
    func byteRange(of wanted: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if utf8[start...].starts(with: wanted.utf8) {
                return start..<utf8.index(start, offsetBy: wanted.utf8.count)
            }
            start = utf8.index(after: start)
        }
        return nil
    }

    /// The parts between slashes, empty ones included.
    var pathParts: [String] {
        String(self).utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
    }
}

func isASCIILetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"):
        true
    default: false
    }
}

func isHexDigit(_ byte: UInt8) -> Bool { hexDigitValue(byte) != nil }

func hexDigitValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}

extension JSONWriter {
    /// Writes bytes as a string in base64 with padding (RFC 4648, section 4).
    package mutating func base64(_ data: [UInt8]) {
        separate()
        bytes.reserveCapacity(bytes.count + (data.count + 2) / 3 * 4 + 2)
        bytes.append(ASCII.quote)
        var index = 0
        while index < data.count {
            let left = data.count - index
            let group =
                UInt32(data[index]) << 16
                | (left > 1 ? UInt32(data[index + 1]) << 8 : 0)
                | (left > 2 ? UInt32(data[index + 2]) : 0)
            bytes.append(Self.base64Digit(group >> 18))
            bytes.append(Self.base64Digit(group >> 12))
            bytes.append(left > 1 ? Self.base64Digit(group >> 6) : UInt8(ascii: "="))
            bytes.append(left > 2 ? Self.base64Digit(group) : UInt8(ascii: "="))
            index += 3
        }
        bytes.append(ASCII.quote)
    }

    private static func base64Digit(_ group: UInt32) -> UInt8 {
        switch UInt8(group & 0x3F) {
        case let value where value < 26: UInt8(ascii: "A") + value
        case let value where value < 52: UInt8(ascii: "a") + value - 26
        case let value where value < 62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}

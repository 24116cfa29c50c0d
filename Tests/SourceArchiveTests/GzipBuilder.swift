/// Wraps bytes in gzip without compressing them: RFC 1952 around stored blocks of RFC 1951.
enum GzipBuilder {
    static func member(_ bytes: [UInt8], flags: UInt8 = 0, extraHeader: [UInt8] = []) -> [UInt8] {
        var output: [UInt8] = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 255] + extraHeader
        var rest = bytes[...]
        repeat {
            let piece = rest.prefix(65_535)
            rest = rest.dropFirst(piece.count)
            let count = UInt16(piece.count)
            output.append(rest.isEmpty ? 1 : 0)
            output += littleEndian(UInt32(count), 2) + littleEndian(UInt32(~count), 2) + piece
        } while !rest.isEmpty
        return output + littleEndian(crc32(bytes), 4) + littleEndian(UInt32(truncatingIfNeeded: bytes.count), 4)
    }

    private static func littleEndian(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}

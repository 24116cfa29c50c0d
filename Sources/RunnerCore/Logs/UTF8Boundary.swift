/// Where a run of bytes can be cut without cutting a character.
enum UTF8Boundary {
    /// How long a character with this first byte is; 0 for a byte that cannot be the first.
    static func sequenceLength(of lead: UInt8) -> Int {
        switch lead {
        case ..<0x80: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }

    /// How many bytes at the end begin a character that needs more of them, at most three.
    static func incompleteBytes<Bytes: RandomAccessCollection<UInt8>>(atEndOf bytes: Bytes) -> Int {
        for (distance, byte) in zip(1..., bytes.reversed().prefix(3)) {
            if byte & 0xC0 == 0x80 { continue }
            return sequenceLength(of: byte) > distance ? distance : 0
        }
        return 0
    }

    /// How many bytes at the beginning belong to a character that began before.
    static func continuationBytes<Bytes: Sequence<UInt8>>(atStartOf bytes: Bytes) -> Int {
        bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count
    }
}

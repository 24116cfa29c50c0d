/// What every 512-byte block is asked for, eight bytes at a time.
extension Span<UInt8> {
    func bytes(_ range: Range<Int>) -> [UInt8] {
        unsafe extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
    }

    func isZero(_ range: Range<Int>) -> Bool {
        let bytes = unsafe self.bytes
        var offset = range.lowerBound
        while range.upperBound - offset >= 8 {
            guard unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) == 0 else { return false }
            offset += 8
        }
        while offset < range.upperBound {
            guard self[offset] == 0 else { return false }
            offset += 1
        }
        return true
    }

    /// The sum of all bytes of one tar block, as unsigned numbers.
    var sum: Int {
        precondition(count == TarHeader.blockBytes, "lanes of 16 bits would overflow")
        let lanes: UInt64 = 0x00FF_00FF_00FF_00FF
        let bytes = unsafe self.bytes
        var even: UInt64 = 0
        var odd: UInt64 = 0
        for offset in stride(from: 0, to: TarHeader.blockBytes, by: 8) {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            even &+= word & lanes
            odd &+= word >> 8 & lanes
        }
        let pairs =
            (even & 0xFFFF_0000_FFFF) &+ (even >> 16 & 0xFFFF_0000_FFFF) &+ (odd & 0xFFFF_0000_FFFF)
            &+ (odd >> 16 & 0xFFFF_0000_FFFF)
        return Int(pairs & 0xFFFF_FFFF) + Int(pairs >> 32)
    }
}

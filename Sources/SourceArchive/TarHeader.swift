/// One 512-byte tar header block, taken apart and checked field by field.
///
/// POSIX.1-1988 `ustar` and GNU layouts. Fields that this module never uses (owner, device numbers) are checked for
/// form and dropped.
struct TarHeader {
    static let blockBytes = 512

    let name: [UInt8]
    let mode: Int64
    let size: Int64
    let modified: Int64
    let type: UInt8
    let linkName: [UInt8]

    /// - Parameter block: 512 bytes that are not all zero.
    init(block: Span<UInt8>) throws(TarFieldFault) {
        try Self.verifyChecksum(of: block)
        let magic = (257..<265).reduce(UInt64(0)) { $0 << 8 | UInt64(block[$1]) }
        let isPOSIX = magic == 0x7573_7461_7200_3030  // "ustar\0" "00"
        let isGNU = magic == 0x7573_7461_7220_2000  // "ustar " " \0"
        guard isPOSIX || isGNU else { throw TarFieldFault("the header is neither a POSIX nor a GNU tar header") }

        let name = try Self.text(block.extracting(0..<100), named: "name")
        // GNU keeps times and sparse maps where POSIX has the prefix.
        let prefix = isPOSIX ? try Self.text(block.extracting(345..<500), named: "prefix") : []
        self.name = prefix.isEmpty ? name : prefix + [slash] + name
        self.mode = try tarNumber(block.extracting(100..<108), named: "mode") ?? 0
        _ = try tarNumber(block.extracting(108..<116), named: "uid")
        _ = try tarNumber(block.extracting(116..<124), named: "gid")
        self.size = try tarNumber(block.extracting(124..<136), named: "size") ?? 0
        self.modified = try tarNumber(block.extracting(136..<148), named: "mtime") ?? 0
        self.type = block[156]
        self.linkName = try Self.text(block.extracting(157..<257), named: "linkname")
        _ = try tarNumber(block.extracting(329..<337), named: "devmajor")
        _ = try tarNumber(block.extracting(337..<345), named: "devminor")
        guard size >= 0 else { throw TarFieldFault("the size is negative") }
    }

    /// The name field alone, for an error about a header that does not parse.
    static func rawName(in block: Span<UInt8>) -> [UInt8] {
        Array(block.bytes(0..<100).prefix { $0 != 0 })
    }

    /// The sum of all bytes as unsigned numbers, the checksum field itself read as blanks.
    static func checksum(of block: Span<UInt8>) -> Int64 {
        var sum = block.sum + 8 * Int(blank)
        for position in 148..<156 { sum -= Int(block[position]) }
        return Int64(sum)
    }

    private static func verifyChecksum(of block: Span<UInt8>) throws(TarFieldFault) {
        guard block[148] & 0x80 == 0, let written = try tarNumber(block.extracting(148..<156), named: "checksum"),
            written == checksum(of: block)
        else { throw TarFieldFault("the header's checksum is wrong") }
    }

    /// A NUL-terminated field; bytes after the NUL would be a second name that only some readers see.
    private static func text(_ field: Span<UInt8>, named name: String) throws(TarFieldFault) -> [UInt8] {
        var end = 0
        while end < field.count, field[end] != 0 { end += 1 }
        guard field.isZero(end..<field.count) else { throw TarFieldFault("the \(name) field has bytes after its NUL") }
        return end == 0 ? [] : field.bytes(0..<end)
    }
}

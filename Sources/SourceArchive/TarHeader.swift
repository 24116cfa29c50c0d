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
    init(block: [UInt8]) throws(TarFieldFault) {
        try Self.verifyChecksum(of: block)
        let magic = block[257..<265]
        let isPOSIX = magic.elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0, 0x30, 0x30])  // "ustar\0" "00"
        let isGNU = magic.elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0x20, 0x20, 0])  // "ustar " " \0"
        guard isPOSIX || isGNU else { throw TarFieldFault("the header is neither a POSIX nor a GNU tar header") }

        let name = try Self.text(block[0..<100], named: "name")
        // GNU keeps times and sparse maps where POSIX has the prefix.
        let prefix = isPOSIX ? try Self.text(block[345..<500], named: "prefix") : []
        self.name = prefix.isEmpty ? name : prefix + [slash] + name
        self.mode = try tarNumber(block[100..<108], named: "mode") ?? 0
        _ = try tarNumber(block[108..<116], named: "uid")
        _ = try tarNumber(block[116..<124], named: "gid")
        self.size = try tarNumber(block[124..<136], named: "size") ?? 0
        self.modified = try tarNumber(block[136..<148], named: "mtime") ?? 0
        self.type = block[156]
        self.linkName = try Self.text(block[157..<257], named: "linkname")
        _ = try tarNumber(block[329..<337], named: "devmajor")
        _ = try tarNumber(block[337..<345], named: "devminor")
        guard size >= 0 else { throw TarFieldFault("the size is negative") }
    }

    /// The name field alone, for an error about a header that does not parse.
    static func rawName(in block: [UInt8]) -> [UInt8] {
        Array(block[0..<100].prefix { $0 != 0 })
    }

    /// The sum of all bytes as unsigned numbers, the checksum field itself read as blanks.
    static func checksum(of block: [UInt8]) -> Int64 {
        var sum: Int64 = 8 * Int64(blank)
        for byte in block[0..<148] { sum += Int64(byte) }
        for byte in block[156..<512] { sum += Int64(byte) }
        return sum
    }

    private static func verifyChecksum(of block: [UInt8]) throws(TarFieldFault) {
        guard block[148] & 0x80 == 0, let written = try tarNumber(block[148..<156], named: "checksum"),
            written == checksum(of: block)
        else { throw TarFieldFault("the header's checksum is wrong") }
    }

    /// A NUL-terminated field; bytes after the NUL would be a second name that only some readers see.
    private static func text(_ field: ArraySlice<UInt8>, named name: String) throws(TarFieldFault) -> [UInt8] {
        let text = field.prefix { $0 != 0 }
        guard field[text.endIndex...].allSatisfy({ $0 == 0 }) else {
            throw TarFieldFault("the \(name) field has bytes after its NUL")
        }
        return Array(text)
    }
}

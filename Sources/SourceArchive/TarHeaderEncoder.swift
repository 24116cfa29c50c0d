/// Makes the headers of a canonical tar: the same member always has the same bytes, whatever its source said.
///
/// POSIX `ustar`, owner 0 without names, modes 0644 and 0755 (links 0777), one time for all. A pax header comes before
/// a member only when a name, link target or size does not fit.
struct TarHeaderEncoder {
    /// A header with all that is the same in each.
    private let template: [UInt8]

    private enum Field {
        static let nameBytes = 100
        static let prefixBytes = 155
        /// Eleven octal digits.
        static let largestNumber: Int64 = 1 << 33 - 1
    }

    /// - Parameter modified: seconds since 1970; what the field cannot hold becomes the nearest it can.
    init(modified: Int64) {
        var block = [UInt8](repeating: 0, count: TarHeader.blockBytes)
        Self.put(0, digits: 7, at: 108, in: &block)
        Self.put(0, digits: 7, at: 116, in: &block)
        Self.put(min(max(modified, 0), Field.largestNumber), digits: 11, at: 136, in: &block)
        Self.put([0x75, 0x73, 0x74, 0x61, 0x72, 0, 0x30, 0x30], at: 257, in: &block)  // "ustar\0" "00"
        Self.put(0, digits: 7, at: 329, in: &block)
        Self.put(0, digits: 7, at: 337, in: &block)
        template = block
    }

    /// The `./` entry, which comes first: BuildKit takes a body for a tar only when it starts with a plain header.
    func rootDirectory() -> [UInt8] {
        block(name: [dot, slash], prefix: [], mode: 0o755, size: 0, type: UInt8(ascii: "5"), linkName: [])
    }

    func header(path: ArchivePath, kind: MemberKind, isExecutable: Bool) -> [UInt8] {
        switch kind {
        case .file(let size):
            member(path.bytes, mode: isExecutable ? 0o755 : 0o644, size: size, type: UInt8(ascii: "0"), linkName: [])
        case .directory:
            member(path.bytes + [slash], mode: 0o755, size: 0, type: UInt8(ascii: "5"), linkName: [])
        case .symlink(let target):
            member(path.bytes, mode: 0o777, size: 0, type: UInt8(ascii: "2"), linkName: target)
        }
    }

    private func member(_ name: [UInt8], mode: Int64, size: Int64, type: UInt8, linkName: [UInt8]) -> [UInt8] {
        var records: [UInt8] = []
        let split = Self.split(name)
        if split == nil { records += Self.record("path", name) }
        if linkName.count > Field.nameBytes { records += Self.record("linkpath", linkName) }
        if size > Field.largestNumber { records += Self.record("size", Array(String(size).utf8)) }
        let fields = split ?? (prefix: [], name: name.prefix(Field.nameBytes))
        let header = block(
            name: fields.name, prefix: fields.prefix, mode: mode, size: size > Field.largestNumber ? 0 : size,
            type: type, linkName: linkName.prefix(Field.nameBytes))
        return records.isEmpty ? header : pax(records) + header
    }

    private func pax(_ records: [UInt8]) -> [UInt8] {
        let header = block(
            name: Array("PaxHeader".utf8)[...], prefix: [], mode: 0o644, size: Int64(records.count),
            type: UInt8(ascii: "x"), linkName: [])
        let padding = [UInt8](repeating: 0, count: paddingBytes(after: Int64(records.count)))
        return header + records + padding
    }

    /// `LENGTH KEY=VALUE\n`, whose length counts its own digits.
    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let body = [blank] + Array(key.utf8) + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
        var length = body.count + 1
        while String(length).utf8.count + body.count != length { length = String(length).utf8.count + body.count }
        return Array(String(length).utf8) + body
    }

    /// The prefix and name fields that `name` fits in, or nil.
    private static func split(_ name: [UInt8]) -> (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
        if name.count <= Field.nameBytes { return ([], name[...]) }
        // The slash between the two is not stored; the one at a directory's end is part of its name.
        let earliest = max(name.count - Field.nameBytes - 1, 1)
        let latest = min(Field.prefixBytes, name.count - 2)
        guard earliest <= latest, let cut = name[earliest...latest].firstIndex(of: slash) else { return nil }
        return (name[..<cut], name[(cut + 1)...])
    }

    private func block(
        name: ArraySlice<UInt8>, prefix: ArraySlice<UInt8>, mode: Int64, size: Int64, type: UInt8,
        linkName: ArraySlice<UInt8>
    ) -> [UInt8] {
        var block = template
        Self.put(name, at: 0, in: &block)
        Self.put(mode, digits: 7, at: 100, in: &block)
        Self.put(size, digits: 11, at: 124, in: &block)
        block[156] = type
        Self.put(linkName, at: 157, in: &block)
        Self.put(prefix, at: 345, in: &block)
        // Six digits, NUL, blank: as every writer has it.
        Self.put(TarHeader.checksum(of: block.span), digits: 6, at: 148, in: &block)
        block[155] = blank
        return block
    }

    private static func put(_ text: ArraySlice<UInt8>, at start: Int, in block: inout [UInt8]) {
        var position = start
        for byte in text {
            block[position] = byte
            position += 1
        }
    }

    private static func put(_ value: Int64, digits: Int, at start: Int, in block: inout [UInt8]) {
        var rest = value
        for position in (start..<start + digits).reversed() {
            block[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest & 7)
            rest >>= 3
        }
    }
}

/// Builds tars byte by byte, good ones and bad ones.
struct TarBuilder {
    private(set) var bytes: [UInt8] = []

    /// A tar of `members`, finished.
    static func tar(_ members: (inout TarBuilder) -> Void) -> [UInt8] {
        var builder = TarBuilder()
        members(&builder)
        return builder.bytes + [UInt8](repeating: 0, count: 1024)
    }

    mutating func file(_ name: String, _ contents: String = "", mode: Int = 0o664) {
        member(name, type: "0", contents: Array(contents.utf8), mode: mode)
    }

    mutating func directory(_ name: String) {
        member(name, type: "5", mode: 0o775)
    }

    mutating func symlink(_ name: String, to target: String) {
        member(name, type: "2", link: Array(target.utf8), mode: 0o777)
    }

    /// - Parameters:
    ///   - size: what the header says, when it is not the size of `contents`.
    ///   - patch: changes the block before its checksum is made.
    mutating func member(
        _ name: String, type: Unicode.Scalar, contents: [UInt8] = [], link: [UInt8] = [], mode: Int = 0o664,
        size: Int? = nil, modified: Int = 1_700_000_000, patch: (inout [UInt8]) -> Void = { _ in }
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        Self.put(Array(name.utf8), at: 0, in: &block)
        Self.put(Self.octal(mode, 7), at: 100, in: &block)
        Self.put(Self.octal(0, 7), at: 108, in: &block)
        Self.put(Self.octal(0, 7), at: 116, in: &block)
        Self.put(Self.octal(size ?? contents.count, 11), at: 124, in: &block)
        Self.put(Self.octal(modified, 11), at: 136, in: &block)
        block[156] = UInt8(type.value)
        Self.put(link, at: 157, in: &block)
        Self.put(Array("ustar\0".utf8) + Array("00root".utf8), at: 257, in: &block)
        Self.put(Array("root".utf8), at: 297, in: &block)
        patch(&block)
        Self.put(Array("        ".utf8), at: 148, in: &block)
        let sum = block.reduce(0) { $0 + Int($1) }
        Self.put(Self.octal(sum, 6) + [0], at: 148, in: &block)
        raw(block)
        raw(contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512))
    }

    mutating func pax(_ records: [(key: String, value: [UInt8])], type: Unicode.Scalar = "x") {
        member("pax", type: type, contents: records.flatMap { Self.record($0.key, $0.value) })
    }

    mutating func pax(_ key: String, _ value: String, type: Unicode.Scalar = "x") {
        pax([(key, Array(value.utf8))], type: type)
    }

    mutating func longName(_ name: String, type: Unicode.Scalar = "L") {
        member("././@LongLink", type: type, contents: Array(name.utf8) + [0])
    }

    mutating func raw(_ bytes: [UInt8]) {
        self.bytes += bytes
    }

    static func put(_ text: [UInt8], at offset: Int, in block: inout [UInt8]) {
        block.replaceSubrange(offset..<offset + text.count, with: text)
    }

    static func octal(_ value: Int, _ digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
    }

    static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let body = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        var length = body.count
        while body.count + String(length).utf8.count != length { length = body.count + String(length).utf8.count }
        return Array(String(length).utf8) + body
    }
}

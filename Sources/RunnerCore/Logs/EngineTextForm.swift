/// What an engine's own log makes of the bytes a container wrote.
enum EngineTextForm: Sendable, Hashable {
    /// The very bytes.
    case exact
    /// Docker's `json-file`: lines are cut at 16 KiB, and in each piece every byte that is no UTF-8 becomes U+FFFD.
    case json

    /// Where Docker cuts long lines.
    static let pieceBytes = 16 << 10
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// The form of `bytes`, whose first is at `lineOffset` of its line; a newline ends a line.
    func form(of bytes: [UInt8], lineOffset: Int = 0) -> [UInt8] {
        guard self == .json, !Self.isUnchanged(bytes, lineOffset) else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var offset = lineOffset
        var index = 0
        while index < bytes.count {
            let piece = Self.pieceBytes - offset % Self.pieceBytes
            let length = Self.sequenceLength(bytes, index, limit: min(piece, bytes.count - index))
            if length == 0 {
                result += Self.replacement
            } else {
                result += bytes[index..<(index + length)]
            }
            offset = bytes[index] == UInt8(ascii: "\n") ? 0 : offset + max(length, 1)
            index += max(length, 1)
        }
        return result
    }

    /// How many of the first of `bytes` make `count` bytes of the form, or a little more where that is inside a character.
    func prefix(of bytes: [UInt8], formBytes count: Int) -> Int {
        guard self == .json else { return min(count, bytes.count) }
        var formed = 0
        var index = 0
        while formed < count, index < bytes.count {
            let length = Self.sequenceLength(bytes, index, limit: bytes.count - index)
            formed += length == 0 ? Self.replacement.count : length
            index += max(length, 1)
        }
        return index
    }

    private static func isUnchanged(_ bytes: [UInt8], _ lineOffset: Int) -> Bool {
        if bytes.allSatisfy({ $0 < 0x80 }) { return true }
        return lineOffset + bytes.count <= pieceBytes && String(validating: bytes, as: UTF8.self) != nil
    }

    /// The length of the character at `index`; 0 when the bytes there are none, or end inside it.
    private static func sequenceLength(_ bytes: [UInt8], _ index: Int, limit: Int) -> Int {
        let length = UTF8Boundary.sequenceLength(of: bytes[index])
        guard length > 1 else { return length }
        guard length <= limit, String(validating: bytes[index..<(index + length)], as: UTF8.self) != nil else {
            return 0
        }
        return length
    }
}

/// A place in a text: line and column count from 1, columns count Unicode scalars.
struct YAMLMark: Sendable, Hashable {
    var line: Int
    var column: Int

    static let start = YAMLMark(line: 1, column: 1)

    /// The place of the byte at `offset` of `text`.
    init(ofByte offset: Int, in text: [UInt8]) {
        var line = 1
        var column = 1
        for byte in text.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column)
    }

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// What a line is recognised by: its length, its beginning and its end.
struct LineMark: Sendable, Hashable {
    private static let keptBytes = 128

    private var length = 0
    private var head: [UInt8] = []
    private var tail: [UInt8] = []

    init() {}

    init(_ line: [UInt8]) {
        append(line[...])
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        length += bytes.count
        if head.count < Self.keptBytes { head += bytes.prefix(Self.keptBytes - head.count) }
        tail += bytes.suffix(Self.keptBytes)
        if tail.count > Self.keptBytes { tail.removeFirst(tail.count - Self.keptBytes) }
    }
}

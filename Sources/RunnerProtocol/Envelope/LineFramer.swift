/// One line of the inbound stream.
package enum FramedLine: Sendable, Hashable {
    /// A line without its newline and without a carriage return before it; never blank.
    case line([UInt8])
    /// A line grew over the limit. What follows up to its newline is dropped.
    case tooLong
}

/// Cuts a byte stream into lines.
///
/// After every `append`, call `next` until it answers nil; memory is then bounded by the limit, and every byte is looked at
/// once, however the stream is cut into chunks. Blank lines are skipped, and so is one BOM at the very start.
package struct LineFramer: Sendable {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// A buffer that grew over this for one line is given back after it.
    private static let keptCapacity = 64 << 10

    private let limitBytes: Int
    private var buffer: [UInt8] = []
    /// Where the current line starts.
    private var start = 0
    /// Up to where the current line was searched for its end.
    private var scanned = 0
    private var isFirstLine = true
    private var isDiscarding = false

    package init(limitBytes: Int = WireLimits.lineBytes) {
        self.limitBytes = limitBytes
    }

    /// Bytes held of a line that has not ended yet.
    package var partialBytes: Int { buffer.count - start }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        guard isDiscarding else { return buffer.append(contentsOf: bytes) }
        guard let newline = bytes.firstIndex(of: ASCII.newline) else { return }
        isDiscarding = false
        buffer.append(contentsOf: bytes[newline...].dropFirst())
    }

    /// The next whole line; nil when more bytes are needed.
    package mutating func next() -> FramedLine? {
        while let end = indexOfNewline() {
            let line = takeLine(until: end)
            start = end + 1
            scanned = start
            if let line { return line }
        }
        if partialBytes > limitBytes {
            release()
            isDiscarding = true
            isFirstLine = false
            return .tooLong
        }
        compact()
        return nil
    }

    /// The last line of a stream that ended without a newline.
    ///
    /// Call it once, after `next` answered nil.
    package mutating func finish() -> FramedLine? {
        defer { release() }
        return takeLine(until: buffer.count)
    }

    private mutating func indexOfNewline() -> Int? {
        let from = scanned
        scanned = buffer.count
        let span = buffer.span
        var index = from
        while index < span.count {
            if span[index] == ASCII.newline { return index }
            index += 1
        }
        return nil
    }

    /// Copies the current line out; nil when it is blank.
    private mutating func takeLine(until end: Int) -> FramedLine? {
        guard end - start <= limitBytes else {
            isFirstLine = false
            return .tooLong
        }
        var first = start
        if isFirstLine, end - first >= 3, buffer[first..<first + 3].elementsEqual(Self.byteOrderMark) { first += 3 }
        isFirstLine = false
        var last = end
        if last > first, buffer[last - 1] == ASCII.carriageReturn { last -= 1 }
        guard buffer[first..<last].contains(where: { !Self.isBlank($0) }) else { return nil }
        return .line(Array(buffer[first..<last]))
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.tab || byte == ASCII.carriageReturn
    }

    /// Drops what has been handed out.
    private mutating func compact() {
        guard start > 0 else { return }
        if start == buffer.count {
            release()
        } else {
            buffer.removeSubrange(..<start)
            scanned -= start
            start = 0
        }
    }

    private mutating func release() {
        buffer.removeAll(keepingCapacity: buffer.capacity <= Self.keptCapacity)
        start = 0
        scanned = 0
    }
}

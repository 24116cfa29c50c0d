/// Turns chunks of a container's output into lines, stdout and stderr apart.
///
/// Pure: bytes in, lines out.
///
/// An engine cuts its output anywhere: long lines arrive in 16 KiB parts, a prompt arrives without its newline. What is
/// given out in parts is cut between characters.
struct LineAssembler {
    struct Line: Sendable {
        var stream: LogSource
        var bytes: [UInt8]
        var partial = false
        var truncated = false
        /// When the engine says it was written; nil for now.
        var time: WallTime?
        /// Instead of a line: output is missing here, and why.
        var gap: String?
    }

    /// Lines longer than this are split, each part but the last flagged `partial` and `truncated`.
    static let splitBytes = 256 << 10

    private var pending: [LogSource: [UInt8]] = [:]
    /// Streams whose last record was partial, so that even an empty rest must follow.
    private var open: Set<LogSource> = []

    /// Bytes wait for their newline.
    var hasPending: Bool { pending.values.contains { !$0.isEmpty } }

    mutating func append(_ bytes: [UInt8], of stream: LogSource, to lines: inout [Line]) {
        var buffer = pending[stream] ?? []
        pending[stream] = nil
        var start = bytes.startIndex
        while let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            take(bytes[start..<newline], into: &buffer, of: stream, to: &lines)
            lines.append(Line(stream: stream, bytes: buffer))
            open.remove(stream)
            buffer = []
            start = newline + 1
        }
        take(bytes[start...], into: &buffer, of: stream, to: &lines)
        pending[stream] = buffer
    }

    /// Gives out what waits for its newline, as partial lines: a prompt must not stay invisible.
    ///
    /// The beginning of a character waits for its rest, unless `all` says that it has waited long enough.
    mutating func flushPartials(all: Bool = false, to lines: inout [Line]) {
        for stream in LogSource.allCases {
            guard var bytes = pending[stream], !bytes.isEmpty else { continue }
            let held = all ? 0 : UTF8Boundary.incompleteBytes(atEndOf: bytes)
            pending[stream] = held > 0 ? Array(bytes.suffix(held)) : nil
            bytes.removeLast(held)
            guard !bytes.isEmpty else { continue }
            lines.append(Line(stream: stream, bytes: bytes, partial: true))
            open.insert(stream)
        }
    }

    /// The stream's last line was given out in parts by an earlier agent.
    mutating func resumeLine(of stream: LogSource) {
        open.insert(stream)
    }

    /// The streams have ended: an unterminated last line is a line.
    ///
    /// One that was given out in parts is ended by an empty one.
    mutating func finish(to lines: inout [Line]) {
        for stream in LogSource.allCases {
            let rest = pending[stream] ?? []
            if !rest.isEmpty || open.contains(stream) { lines.append(Line(stream: stream, bytes: rest)) }
        }
        pending = [:]
        open = []
    }

    private mutating func take(
        _ slice: ArraySlice<UInt8>, into buffer: inout [UInt8], of stream: LogSource, to lines: inout [Line]
    ) {
        var rest = slice
        while buffer.count + rest.count > Self.splitBytes {
            let room = Self.splitBytes - buffer.count
            buffer += rest.prefix(room)
            rest = rest.dropFirst(room)
            let held = buffer.suffix(UTF8Boundary.incompleteBytes(atEndOf: buffer))
            let begun = Array(held)
            buffer.removeLast(begun.count)
            lines.append(Line(stream: stream, bytes: buffer, partial: true, truncated: true))
            open.insert(stream)
            buffer = begun
        }
        buffer += rest
    }
}

/// How much of one stream of a container's output is in the log, in a form that survives the agent.
///
/// Counted in lines, because an engine's own log keeps newlines whatever else it does to the bytes.
struct StreamProgress: Sendable, Hashable {
    /// Whole lines taken since the container began; nil when a gap made that unknowable.
    var lines: Int64? = 0
    /// Bytes taken of the line that has not ended yet, and how many they are in an engine's JSON log.
    var openBytes: Int64 = 0
    var openJSONBytes: Int64 = 0

    mutating func note(_ bytes: [UInt8], partial: Bool) {
        guard partial else {
            lines = lines.map { $0 + 1 }
            openBytes = 0
            openJSONBytes = 0
            return
        }
        openJSONBytes += Int64(EngineTextForm.json.form(of: bytes, lineOffset: Int(openBytes)).count)
        openBytes += Int64(bytes.count)
    }
}

/// The progress of both streams; agents and build steps write into the log too, and do not count.
///
/// A gap in phase `run` is missing output; how much was taken is not known after it.
struct OutputProgress: Sendable, Hashable {
    var stdout = StreamProgress()
    var stderr = StreamProgress()

    static let unknown = OutputProgress(stdout: StreamProgress(lines: nil), stderr: StreamProgress(lines: nil))

    subscript(stream: LogSource) -> StreamProgress {
        get { stream == .stderr ? stderr : stdout }
        set { if stream == .stderr { stderr = newValue } else { stdout = newValue } }
    }

    mutating func note(_ record: LogRecord) {
        guard record.phase == .run else { return }
        if record.gap != nil { self = .unknown }
        guard record.stream != .agent else { return }
        self[record.stream].note(record.bytes, partial: record.partial)
    }
}

extension OutputProgress {
    private static let unknownLines: Int64 = -1

    /// Six little-endian 64-bit numbers: lines (-1 for unknown), open bytes, open JSON bytes; stdout, then stderr.
    var encoded: [UInt8] {
        [stdout, stderr].flatMap { [$0.lines ?? Self.unknownLines, $0.openBytes, $0.openJSONBytes] }
            .flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    }

    static let encodedBytes = 48

    init?(encoded bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.encodedBytes else { return nil }
        let numbers = (0..<6).map { index in
            bytes.dropFirst(index * 8).prefix(8).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        func stream(_ first: Int) -> StreamProgress {
            StreamProgress(
                lines: numbers[first] == Self.unknownLines ? nil : numbers[first], openBytes: numbers[first + 1],
                openJSONBytes: numbers[first + 2])
        }
        self.init(stdout: stream(0), stderr: stream(3))
    }
}

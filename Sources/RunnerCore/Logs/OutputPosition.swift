import NIOConcurrencyHelpers

/// Up to where a container's output is in the log, as it is looked for in the engine's own log.
struct OutputPosition: Sendable {
    /// The position in one stream.
    struct Stream: Sendable {
        /// Whole lines taken; nil when unknown.
        var lines: Int64?
        /// Bytes taken of the line that has not ended, in the engine's form.
        var openBytes = 0
        /// The last whole lines in the engine's form, the newest last; none across a gap.
        var recent: [LineMark] = []
        /// When the last of them was written.
        var time: WallTime?
    }

    /// So many lines are compared.
    static let recentLines = 8
    /// Equal lines that were written further apart than this are others: a line is taken when it is written, or a little later.
    static let tolerance = Duration.seconds(30)

    var stdout = Stream()
    var stderr = Stream()

    subscript(stream: LogSource) -> Stream {
        get { stream == .stderr ? stderr : stdout }
        set { if stream == .stderr { stderr = newValue } else { stdout = newValue } }
    }
}

extension InstanceLog {
    /// How far back lines are looked for to compare.
    private static let recentRecords: Int64 = 20_000
    private static let maxLineBytes = 1 << 20

    /// Writes down what waits for its newline and says up to where the output has come.
    func outputPosition(form: EngineTextForm) async -> OutputPosition {
        await queue.run { [self] in
            let progress = writer.withLockedValue { writer in
                var lines: [LineAssembler.Line] = []
                writer.assembler.flushPartials(all: true, to: &lines)
                store(lines, phase: .run, writer: &writer)
                return writer.progress
            }
            var position = recentLines(form)
            for stream in [LogSource.stdout, .stderr] {
                position[stream].lines = progress[stream].lines
                position[stream].openBytes = Int(
                    form == .json ? progress[stream].openJSONBytes : progress[stream].openBytes)
            }
            return position
        }
    }

    /// Says that output is missing, or may be; what follows begins a new line.
    func appendGap(_ reason: String) async {
        await queue.run { [self] in
            writer.withLockedValue { writer in
                var lines: [LineAssembler.Line] = []
                writer.assembler.finish(to: &lines)
                lines.append(LineAssembler.Line(stream: .agent, bytes: [], gap: reason))
                store(lines, phase: .run, writer: &writer)
            }
        }
    }

    private func recentLines(_ form: EngineTextForm) -> OutputPosition {
        let first = state.withLockedValue { state in
            // Within the newest two segments, for a record may be long.
            max(state.segments.suffix(2).first?.firstSeq ?? state.nextSeq, state.nextSeq - Self.recentRecords)
        }
        var reader = LogReader(log: self, nextSeq: first)
        defer { reader.close() }
        var query = LogQuery()
        query.phases = [.run]
        var position = OutputPosition()
        var parts: [LogSource: [UInt8]] = [:]
        while true {
            let records = reader.read(matching: query, maxRecords: 1000, maxBytes: 1 << 20)
            if records.isEmpty { return position }
            for record in records {
                if record.gap != nil {
                    position = OutputPosition()
                    parts = [:]
                    continue
                }
                guard record.stream != .agent else { continue }
                parts[record.stream, default: []] += record.bytes
                if parts[record.stream, default: []].count > Self.maxLineBytes {
                    parts[record.stream] = parts[record.stream].map { Array($0.suffix(Self.maxLineBytes / 2)) }
                }
                guard !record.partial, let line = parts.removeValue(forKey: record.stream) else { continue }
                position[record.stream].note(line, form)
                position[record.stream].time = record.time
            }
        }
    }
}

extension OutputPosition.Stream {
    /// Whether a line of this time may be the last that was taken.
    func isNear(_ nanoseconds: Int64) -> Bool {
        abs(nanoseconds - (time?.nanoseconds ?? nanoseconds)) <= OutputPosition.tolerance.nanoseconds
    }

    fileprivate mutating func note(_ line: [UInt8], _ form: EngineTextForm) {
        if recent.count == OutputPosition.recentLines { recent.removeFirst() }
        recent.append(LineMark(form.form(of: line)))
    }
}

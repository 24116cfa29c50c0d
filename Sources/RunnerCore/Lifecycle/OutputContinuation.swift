import DockerEngine

/// Continues a container's output after nobody has read it for a while: what it wrote meanwhile comes from the engine's own
/// log, then the bytes of a new stream follow at the very place where they begin.
///
/// The stream is asked for first and not read until the log was: nothing can fall between them, and a container that writes
/// faster than the log is read waits for that moment alone. What cannot be shown to be complete is told by a gap.
struct OutputContinuation {
    let engine: EngineClient
    let containerID: String
    let log: InstanceLog
    let form: EngineTextForm
    /// When the new stream was asked for.
    let askedAt: WallTime

    /// Streams whose first bytes have not been found in the log yet; most containers never write to one of them.
    private(set) var unjoined: Set<LogSource> = [.stdout, .stderr]
    private var marks: [LogSource: EngineLogMark] = [:]
    private var openToSkip: [LogSource: Int] = [:]
    /// The beginning of a stream that may be at several places of the log.
    private var undecided: [LogSource: [UInt8]] = [:]

    private static let streams: [LogSource] = [.stdout, .stderr]
    /// The engine's log is a little behind a stream.
    private static let pauses = [0, 10, 20, 50, 100, 200, 400].map { Duration.milliseconds($0) }
    /// Records read from its end, nil for all: reading the end of a long log is a hundred times faster.
    private static let tails: [Int?] = [2000, 20_000, 200_000, nil]
    /// New output held back until it is known where it begins.
    private static let maxHeldBytes = 8 << 20
    private static let attempts = 3

    init(engine: EngineClient, containerID: String, log: InstanceLog, form: EngineTextForm, askedAt: WallTime) {
        self.engine = engine
        self.containerID = containerID
        self.log = log
        self.form = form
        self.askedAt = askedAt
    }

    var isJoined: Bool { unjoined.isEmpty }

    // MARK: From the engine's log

    /// Appends what the engine has kept since the last byte that was taken.
    ///
    /// May be tried again when it throws: the log knows how far it came.
    mutating func fill() async throws {
        let position = await log.outputPosition(form: form)
        if let stdout = position.stdout.lines, let stderr = position.stderr.lines {
            let lines: [LogSource: Int64] = [.stdout: stdout, .stderr: stderr]
            if try await pass(seekers(position) { OutputSeeker($0, lines: lines[$1] ?? 0) }) { return }
        }
        var hasGap = false
        for _ in 0..<Self.attempts {
            // The engine has dropped the beginning, or lines of its log were lost with it.
            var searches = Dictionary(uniqueKeysWithValues: Self.streams.map { ($0, OutputSearch(position[$0])) })
            try await read(tail: nil) { records in
                for record in records { searches[record.stream]?.take(record) }
            }
            let places = searches.mapValues(\.place)
            var expected = position
            // Where the last line of one stream is, all that was written later is too, in either stream.
            if hasGap || !places.values.contains(where: \.isProven) {
                if !hasGap { await log.appendGap(Self.rotated) }
                hasGap = true
                for stream in Self.streams { expected[stream].openBytes = 0 }
            }
            let found = seekers(expected) { OutputSeeker($0, lines: places[$1]?.lines ?? 0, isProven: true) }
            if try await pass(found) { return }
        }
        if !hasGap { await log.appendGap(Self.rotated) }
    }

    private static let rotated =
        "output written while no agent read it is missing: the engine's own log has dropped it already"

    private func seekers(
        _ position: OutputPosition, _ make: (OutputPosition.Stream, LogSource) -> OutputSeeker
    ) -> [LogSource: OutputSeeker] {
        Dictionary(uniqueKeysWithValues: Self.streams.map { ($0, make(position[$0], $0)) })
    }

    /// Reads the engine's log and appends what the seekers let through; false, with nothing appended, when it is not what
    /// they expect.
    private mutating func pass(_ seekers: [LogSource: OutputSeeker]) async throws -> Bool {
        var seekers = seekers
        var marks: [LogSource: EngineLogMark] = [:]
        var held: [OutputChunk] = []
        var heldBytes = 0
        var hasFailed = false
        let log = log
        try await read(tail: nil) { records in
            guard !hasFailed else { return }
            for record in records {
                marks[record.stream, default: EngineLogMark()].note(record)
                guard let bytes = seekers[record.stream]?.take(record), !bytes.isEmpty else { continue }
                held.append(
                    OutputChunk(stream: record.stream, bytes: bytes, time: WallTime(nanoseconds: record.time)))
                heldBytes += bytes.count
            }
            if seekers.values.allSatisfy({ $0.hasArrived && $0.proof != .pending && $0.proof != .failed }) {
                await log.append(output: held, phase: .run)
                held = []
                heldBytes = 0
            }
            hasFailed = heldBytes > Self.maxHeldBytes || seekers.values.contains { $0.proof == .failed }
        }
        guard !hasFailed, seekers.values.allSatisfy(\.hasArrived) else { return false }
        self.marks = marks
        openToSkip = seekers.mapValues(\.openToSkip)
        return true
    }

    // MARK: To the new stream

    /// What of the stream's bytes is new, after what came before them was appended.
    mutating func join(_ chunks: [OutputChunk]) async throws -> [OutputChunk] {
        var chunks = chunks
        for stream in Self.streams where unjoined.contains(stream) {
            let came = chunks.filter { $0.stream == stream }.flatMap(\.bytes)
            guard !came.isEmpty else { continue }
            let bytes = (undecided.removeValue(forKey: stream) ?? []) + came
            chunks.removeAll { $0.stream == stream }
            switch try await locate(bytes, of: stream) {
            case .undecided:
                undecided[stream] = bytes
                continue
            case .found(let before, let dropped):
                chunks.append(OutputChunk(stream: stream, bytes: before + bytes.dropFirst(dropped)))
            case .missing:
                await log.appendGap(Self.unjoinable)
                chunks.append(OutputChunk(stream: stream, bytes: bytes))
            }
            unjoined.remove(stream)
        }
        return chunks
    }

    private static let unjoinable =
        "output may be missing: what was written before this cannot be found in the engine's own log"

    private func locate(_ bytes: [UInt8], of stream: LogSource) async throws -> OutputJoin.Outcome {
        var tails = Self.tails[...]
        for pause in Self.pauses {
            try await Task.sleep(for: pause)
            var window = try await window(of: stream, tail: tails.first ?? nil)
            while !window.isCovering, tails.count > 1 {
                tails.removeFirst()
                window = try await self.window(of: stream, tail: tails.first ?? nil)
            }
            guard window.isCovering else { return .missing }
            let join = OutputJoin(window.records, after: marks[stream], openToSkip: openToSkip[stream] ?? 0)
            let outcome = join.find(bytes, form: form, since: askedByEngineClock)
            if outcome != .missing { return outcome }
        }
        return .missing
    }

    /// Podman before 5 knows whole seconds alone.
    private var askedByEngineClock: Int64? {
        guard case .unix = engine.endpoint.transport else { return nil }
        return form == .json ? askedAt.nanoseconds : askedAt.nanoseconds / 1_000_000_000 * 1_000_000_000
    }

    /// The stream's records at the end of the engine's log, and whether they hold all since the mark.
    private func window(of stream: LogSource, tail: Int?) async throws -> (records: [EngineLogRecord], isCovering: Bool)
    {
        var kept: [EngineLogRecord] = []
        var count = 0
        var first: Int64?
        try await read(tail: tail) { records in
            first = first ?? records.first?.time
            count += records.count
            kept += records.filter { $0.stream == stream }
        }
        let isWhole = tail.map { count < $0 } ?? true
        guard let mark = marks[stream] else { return (kept, isWhole) }
        return (kept, mark.isCovered(from: first) || isWhole && first == mark.time)
    }

    private func read(
        tail: Int?, _ body: (_ records: [EngineLogRecord]) async -> Void
    ) async throws {
        let reading = try await engine.logs(containerID, tty: false, timestamps: true, tail: tail)
        for try await chunks in reading { await body(try chunks.map(EngineLogRecord.init)) }
    }
}

extension EngineLogRecord {
    /// Takes the time off a record that was read with timestamps.
    init(_ chunk: LogChunk) throws {
        guard let space = chunk.bytes.firstIndex(of: UInt8(ascii: " ")),
            let time = EngineTimestamp(rfc3339: chunk.bytes[..<space])
        else { throw EngineError(kind: .protocol, message: "a record of the engine's log has no time") }
        self.init(
            stream: chunk.stream == .stdout ? .stdout : .stderr, time: time.nanoseconds,
            bytes: Array(chunk.bytes[(space + 1)...]))
    }
}

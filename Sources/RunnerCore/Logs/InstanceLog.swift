import NIOConcurrencyHelpers
import SystemPackage

/// The log of one instance: a ring of segment files with one writer and any number of readers.
///
/// Records get their `seq` when they are appended and keep it for ever. Appending never waits for a reader. When the disk
/// takes no more, records are dropped and a `gap` says which; the container is never held up.
final class InstanceLog: Sendable {
    struct State {
        var segments: [LogSegment] = []
        var nextSeq: Int64 = 1
        /// First record dropped because it could not be written, until the gap is on disk.
        var lostFrom: Int64?
        var ended: LogEnd?
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    /// What the writer alone touches; the box is never contended and is held during blocking writes.
    struct Writer {
        var file: FileDescriptor?
        var assembler = LineAssembler()
        var flushScheduled = false
        /// What was taken of the container's output, on the disk or lost there.
        var progress = OutputProgress()
    }

    /// A prompt without a newline is shown after this time.
    private static let partialDelay = Duration.milliseconds(200)
    private static let segmentBytes: Int64 = 4 << 20

    let directory: String
    private let retentionBytes: Int64
    let queue: BlockingQueue
    let state = NIOLockedValueBox(State())
    let writer = NIOLockedValueBox(Writer())

    /// Opens the log in `directory`, with what an earlier agent wrote there.
    ///
    /// Blocking when there is something.
    init(directory: String, retentionBytes: Int64, queue: BlockingQueue, recovering: Bool) {
        self.directory = directory
        self.retentionBytes = retentionBytes
        self.queue = queue
        guard recovering else { return }
        let (segments, progress) = LogSegment.recoverAll(in: directory)
        writer.withLockedValue { writer in
            writer.progress = progress
            for stream in [LogSource.stdout, .stderr] where progress[stream].openBytes > 0 {
                writer.assembler.resumeLine(of: stream)
            }
        }
        state.withLockedValue { state in
            state.segments = segments
            state.nextSeq = (segments.last?.lastSeq ?? 0) + 1
        }
    }

    deinit {
        writer.withLockedValue { try? $0.file?.close() }  // every record has been written or been counted as lost
    }

    // MARK: Writing

    /// Appends a burst of raw output of the container.
    func append(output chunks: [OutputChunk], phase: LogPhase) async {
        guard !chunks.isEmpty else { return }
        await queue.run { [self] in
            let delayed = writer.withLockedValue { writer in
                var lines: [LineAssembler.Line] = []
                for chunk in chunks {
                    let first = lines.count
                    writer.assembler.append(chunk.bytes, of: chunk.stream, to: &lines)
                    guard let time = chunk.time else { continue }
                    for index in first..<lines.count { lines[index].time = time }
                }
                store(lines, phase: phase, writer: &writer)
                return schedulesFlush(&writer)
            }
            if delayed { queue.submit(after: Self.partialDelay) { self.flushPartials(phase: phase) } }
        }
    }

    private func schedulesFlush(_ writer: inout Writer) -> Bool {
        guard writer.assembler.hasPending, !writer.flushScheduled else { return false }
        writer.flushScheduled = true
        return true
    }

    /// The container's output has ended: what waits for a newline is the last line.
    func finishOutput(phase: LogPhase) async {
        await queue.run { [self] in
            writer.withLockedValue { writer in
                var lines: [LineAssembler.Line] = []
                writer.assembler.finish(to: &lines)
                store(lines, phase: phase, writer: &writer)
            }
        }
    }

    /// Appends whole lines said by the agent itself or by a build step.
    func append(_ texts: [String], phase: LogPhase, stream: LogSource = .agent) async {
        let lines = texts.flatMap { text in
            text.split(separator: "\n", omittingEmptySubsequences: false).map {
                LineAssembler.Line(stream: stream, bytes: Array($0.utf8.prefix(LineAssembler.splitBytes)))
            }
        }
        await queue.run { [self] in writer.withLockedValue { store(lines, phase: phase, writer: &$0) } }
    }

    /// Appends lines that were assembled elsewhere.
    func append(lines: [LineAssembler.Line], phase: LogPhase) async {
        guard !lines.isEmpty else { return }
        await queue.run { [self] in writer.withLockedValue { store(lines, phase: phase, writer: &$0) } }
    }

    /// No record will follow; followers get their end after the last record.
    ///
    /// What waits for its newline is written before; what is appended later is dropped.
    func end(_ reason: LogEnd) async {
        await queue.run { [self] in
            writer.withLockedValue { writer in
                var lines: [LineAssembler.Line] = []
                // A container that the agent only lets go of may finish its line.
                if reason == .shutdown {
                    writer.assembler.flushPartials(to: &lines)
                } else {
                    writer.assembler.finish(to: &lines)
                }
                store(lines, phase: .run, writer: &writer)
                try? writer.file?.close()  // every record has been written or been counted as lost
                writer.file = nil
            }
            let waiters = state.withLockedValue { state in
                state.ended = state.ended ?? reason
                return state.takeWaiters()
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    /// The same for a log that has no writer: that of an instance which had ended before the agent began.
    func endNow(_ reason: LogEnd) {
        state.withLockedValue { $0.ended = $0.ended ?? reason }
    }

    private func flushPartials(phase: LogPhase, all: Bool = false) {
        let again = writer.withLockedValue { writer in
            writer.flushScheduled = false
            var lines: [LineAssembler.Line] = []
            writer.assembler.flushPartials(all: all, to: &lines)
            store(lines, phase: phase, writer: &writer)
            return schedulesFlush(&writer)
        }
        // What is left is the beginning of a character, or no character at all.
        if again { queue.submit(after: Self.partialDelay) { self.flushPartials(phase: phase, all: true) } }
    }

    /// On the queue alone.
    func store(_ lines: [LineAssembler.Line], phase: LogPhase, writer: inout Writer) {
        let (firstSeq, lostFrom, ended) = state.withLockedValue { ($0.nextSeq, $0.lostFrom, $0.ended != nil) }
        guard !lines.isEmpty, !ended else { return }
        let time = WallTime.now()
        var bytes: [UInt8] = []
        var marks: [(seq: Int64, length: Int64)] = []
        if let lostFrom {
            let gap = LogRecord.gap(from: lostFrom, to: firstSeq - 1, reason: "the log could not be written to disk")
            LogRecordCoding.append(gap, to: &bytes)
            marks.append((gap.seq, Int64(bytes.count)))
        }
        var seq = firstSeq
        let before = writer.progress
        for line in lines {
            let start = bytes.count
            let record = LogRecord(
                seq: seq, time: line.time ?? time, phase: phase, stream: line.stream, bytes: line.bytes,
                partial: line.partial, truncated: line.truncated,
                gap: line.gap.map { .init(from: seq, to: seq, reason: $0) })
            LogRecordCoding.append(record, to: &bytes)
            writer.progress.note(record)
            marks.append((seq, Int64(bytes.count - start)))
            seq += 1
        }
        do {
            try write(bytes, from: lostFrom ?? firstSeq, marks: marks, nextSeq: seq, before: before, writer: &writer)
        } catch {
            // A torn record must not stay in front of the next one, so writing goes on in a new segment.
            try? writer.file?.close()
            writer.file = nil
            let empty = state.withLockedValue { state in
                state.lostFrom = lostFrom ?? firstSeq
                state.nextSeq = seq
                return state.dropEmptyLast()
            }
            if let empty { FileAccess.removeTree(empty.path) }
        }
    }

    /// `first` is the first number the bytes account for; a gap at their beginning stands for more than its own.
    private func write(
        _ bytes: [UInt8], from first: Int64, marks: [(seq: Int64, length: Int64)], nextSeq: Int64,
        before progress: OutputProgress, writer: inout Writer
    ) throws {
        let full = state.withLockedValue {
            ($0.segments.last?.bytes ?? 0) >= min(Self.segmentBytes, retentionBytes / 4)
        }
        var head: [UInt8] = []
        if writer.file == nil || full {
            try openSegment(firstSeq: first, writer: &writer)
            // The segments before may be gone when the output is to be continued.
            LogRecordCoding.append(progress, after: first - 1, to: &head)
        }
        guard let file = writer.file else { return }
        try FileAccess.write(head.isEmpty ? bytes : head + bytes, to: file)
        let (waiters, dropped) = state.withLockedValue { state in
            var offset = state.segments[state.segments.count - 1].bytes + Int64(head.count)
            for mark in marks {
                state.segments[state.segments.count - 1].note(seq: mark.seq, offset: offset)
                offset += mark.length
            }
            state.segments[state.segments.count - 1].bytes = offset
            state.nextSeq = nextSeq
            state.lostFrom = nil
            return (state.takeWaiters(), state.dropBeyond(retentionBytes))
        }
        for waiter in waiters { waiter.resume() }
        for segment in dropped { FileAccess.removeTree(segment.path) }
    }

    private func openSegment(firstSeq: Int64, writer: inout Writer) throws {
        try writer.file?.close()
        writer.file = nil
        let segment = LogSegment(directory: directory, firstSeq: firstSeq)
        try FileAccess.makePrivateDirectory(directory)
        writer.file = try FileDescriptor.open(
            FilePath(segment.path), .writeOnly, options: [.create, .truncate, .append, .closeOnExec],
            permissions: [.ownerReadWrite])
        state.withLockedValue { state in
            // An empty one that an earlier agent left has the same name.
            _ = state.dropEmptyLast()
            state.segments.append(segment)
        }
    }

    // MARK: Waiting

    /// Returns when a record from `seq` on exists, when the log has ended, when the task is cancelled, or when `stopped`
    /// was true at the last ``wakeReaders()``.
    func waitForRecord(_ seq: Int64, unless stopped: () -> Bool = { false }) async {
        let ticket = state.withLockedValue { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLockedValue { state in
                    if state.nextSeq > seq || state.ended != nil || Task.isCancelled || stopped() { return true }
                    state.waiters[ticket] = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLockedValue { $0.waiters.removeValue(forKey: ticket) }
            waiter?.resume()
        }
    }

    /// Lets every waiting reader look again.
    func wakeReaders() {
        for waiter in state.withLockedValue({ $0.takeWaiters() }) { waiter.resume() }
    }

    var endReason: LogEnd? { state.withLockedValue { $0.ended } }

    /// The oldest record still kept, and the one that will come next.
    var bounds: (oldest: Int64, next: Int64) {
        state.withLockedValue { ($0.segments.first(where: { $0.bytes > 0 })?.firstSeq ?? $0.nextSeq, $0.nextSeq) }
    }

    var totalBytes: Int64 { state.withLockedValue { $0.segments.reduce(0) { $0 + $1.bytes } } }
}

/// Why a log gives no more records.
package enum LogEnd: String, Sendable {
    case ended, unsubscribed, removed, shutdown
}

extension InstanceLog.State {
    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        defer { waiters = [:] }
        return Array(waiters.values)
    }

    /// Takes back a segment that nothing was written to.
    mutating func dropEmptyLast() -> LogSegment? {
        guard let last = segments.last, last.bytes == 0 else { return nil }
        return segments.removeLast()
    }

    /// Gives up the oldest segments while the rest alone is over the limit.
    mutating func dropBeyond(_ limitBytes: Int64) -> [LogSegment] {
        var total = segments.reduce(0) { $0 + $1.bytes }
        var dropped: [LogSegment] = []
        while segments.count > 1, total > limitBytes {
            let oldest = segments.removeFirst()
            total -= oldest.bytes
            dropped.append(oldest)
        }
        return dropped
    }
}

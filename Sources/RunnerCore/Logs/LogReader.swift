import NIOConcurrencyHelpers
import SystemPackage

/// A position in an instance's log that moves forward.
///
/// Blocking; confined to one reader at a time.
///
/// Records that retention has dropped before the reader came to them are told by one `gap` record.
struct LogReader {
    private let log: InstanceLog
    private var file: FileDescriptor?
    private var path = ""
    private var scanner: LogScanner?
    /// The next record this reader has not seen.
    private(set) var nextSeq: Int64

    init(log: InstanceLog, nextSeq: Int64) {
        self.log = log
        self.nextSeq = nextSeq
    }

    /// Reads up to `maxRecords` matching records and `maxBytes` of their text; empty when the reader has caught up.
    mutating func read(matching query: LogQuery, maxRecords: Int, maxBytes: Int) -> [LogRecord] {
        var records: [LogRecord] = []
        var bytes = 0
        while records.count < maxRecords, bytes < maxBytes, let record = next() {
            nextSeq = record.seq + 1
            if let until = query.until, record.time > until, record.gap == nil { continue }
            if query.matches(record) {
                records.append(record)
                bytes += record.bytes.count
            }
        }
        return records
    }

    mutating func close() {
        try? file?.close()  // read only: nothing can be lost
        file = nil
        scanner = nil
    }

    private mutating func next() -> LogRecord? {
        var justOpened: LogSegment?
        while true {
            if let found = scanner?.next() {
                justOpened = nil
                if found.record.seq < nextSeq { continue }
                if let gap = found.record.gap {
                    return .gap(from: max(gap.from, nextSeq), to: gap.to, reason: gap.reason)
                }
                if found.record.seq > nextSeq {
                    // Damage or a lost segment: say exactly what is missing, then go on with this record.
                    let gap = LogRecord.gap(
                        from: nextSeq, to: found.record.seq - 1, reason: "records were lost on disk")
                    scanner = nil
                    return gap
                }
                return found.record
            }
            if let segment = justOpened {
                // The file holds less than was written to it, or something else.
                scanner = nil
                return .gap(from: nextSeq, to: segment.lastSeq, reason: "records were damaged on disk")
            }
            switch position() {
            case .caughtUp: return nil
            case .gap(let record): return record
            case .segment(let segment):
                guard open(segment) else { return nil }
                justOpened = segment
            }
        }
    }

    private enum Position {
        case caughtUp
        case gap(LogRecord)
        case segment(LogSegment)
    }

    private func position() -> Position {
        let wanted = nextSeq
        return log.state.withLockedValue { state in
            guard wanted < state.nextSeq else { return .caughtUp }
            if let lost = state.lostFrom, wanted >= lost {
                let reason = "the log could not be written to disk"
                return .gap(.gap(from: wanted, to: state.nextSeq - 1, reason: reason))
            }
            if let oldest = state.segments.first(where: { $0.bytes > 0 }), wanted < oldest.firstSeq {
                return .gap(.gap(from: wanted, to: oldest.firstSeq - 1, reason: "older than the log's retention"))
            }
            guard let segment = state.segments.first(where: { $0.lastSeq >= wanted }) else { return .caughtUp }
            return .segment(segment)
        }
    }

    private mutating func open(_ segment: LogSegment) -> Bool {
        if path != segment.path || file == nil {
            close()
            file = try? FileDescriptor.open(FilePath(segment.path), .readOnly, options: .closeOnExec)
            path = segment.path
        }
        guard let file else { return false }
        let offset = scanner.map(\.offset).flatMap { $0 < segment.bytes && path == segment.path ? $0 : nil }
        scanner = LogScanner(file: file, offset: offset ?? segment.offset(near: nextSeq), end: segment.bytes)
        return true
    }
}

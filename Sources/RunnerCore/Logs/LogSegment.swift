import SystemPackage

/// One append-only file of a log, and where its records are.
struct LogSegment: Sendable {
    /// A sparse index entry every so many bytes.
    static let indexStride: Int64 = 64 << 10

    let path: String
    let firstSeq: Int64
    /// The last record in the file; `firstSeq - 1` while it is empty.
    var lastSeq: Int64
    /// Bytes of whole records.
    var bytes: Int64 = 0
    private var index: [(seq: Int64, offset: Int64)] = []

    init(directory: String, firstSeq: Int64) {
        let digits = String(firstSeq)
        path = directory + "/" + String(repeating: "0", count: 19 - digits.count) + digits + ".log"
        self.firstSeq = firstSeq
        lastSeq = firstSeq - 1
    }

    mutating func note(seq: Int64, offset: Int64) {
        if index.last.map({ offset - $0.offset >= Self.indexStride }) ?? true { index.append((seq, offset)) }
        lastSeq = seq
    }

    /// An offset at or before the record `seq`, from which a scan finds it.
    func offset(near seq: Int64) -> Int64 {
        var low = 0
        var high = index.count
        while low < high {
            let middle = (low + high) / 2
            if index[middle].seq <= seq { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : index[low - 1].offset
    }

    /// The segments an earlier agent left in `directory`, oldest first, and how much output they have taken.
    ///
    /// Blocking. Only the newest is read: the others ended where the next one begins, and a reader finds its way in them.
    static func recoverAll(in directory: String) -> (segments: [LogSegment], progress: OutputProgress) {
        let firsts = FileAccess.names(in: directory).compactMap { name -> Int64? in
            guard name.hasSuffix(".log"), let firstSeq = Int64(name.dropLast(4)), firstSeq > 0 else { return nil }
            return firstSeq
        }.sorted()
        var segments: [LogSegment] = []
        for (firstSeq, next) in zip(firsts, firsts.dropFirst()) {
            var segment = LogSegment(directory: directory, firstSeq: firstSeq)
            segment.lastSeq = next - 1
            segment.bytes = FileAccess.size(of: segment.path) ?? 0
            segments.append(segment)
        }
        guard let newest = firsts.last else { return ([], OutputProgress()) }
        guard let (segment, progress) = recover(directory: directory, firstSeq: newest) else {
            return (segments, .unknown)
        }
        return (segments + [segment], progress)
    }

    /// Reads a segment back after a restart; a torn tail is not counted.
    private static func recover(directory: String, firstSeq: Int64) -> (LogSegment, OutputProgress)? {
        var segment = LogSegment(directory: directory, firstSeq: firstSeq)
        guard let file = try? FileDescriptor.open(FilePath(segment.path), .readOnly, options: .closeOnExec) else {
            return nil
        }
        defer { try? file.close() }  // read only: nothing can be lost
        var scanner = LogScanner(file: file, offset: 0, end: .max)
        var progress = OutputProgress.unknown
        while let (record, offset) = scanner.next() {
            guard record.seq > segment.lastSeq else { return (segment, .unknown) }
            if let mark = scanner.takeMark() { progress = mark }
            progress.note(record)
            segment.note(seq: record.seq, offset: offset)
            segment.bytes = scanner.offset
        }
        if let mark = scanner.takeMark() { progress = mark }
        if segment.lastSeq >= firstSeq { segment.bytes = scanner.offset }
        return (segment, progress)
    }
}

/// Walks the records of one segment through a window of at most a few hundred KiB.
///
/// Blocking.
struct LogScanner {
    private static let windowBytes = 256 << 10

    private let file: FileDescriptor
    private(set) var offset: Int64
    private let end: Int64
    private var window: [UInt8] = []
    private var position = 0
    private var mark: OutputProgress?

    init(file: FileDescriptor, offset: Int64, end: Int64) {
        self.file = file
        self.offset = offset
        self.end = end
    }

    /// The newest mark passed since the last call.
    mutating func takeMark() -> OutputProgress? { mark.take() }

    /// The next record and its offset; nil at the end, at a torn tail and at damage.
    mutating func next() -> (record: LogRecord, offset: Int64)? {
        while true {
            switch LogRecordCoding.decode(window, at: position) {
            case .record(let record, let stop):
                let start = offset
                guard start + Int64(stop - position) <= end else { return nil }
                offset += Int64(stop - position)
                position = stop
                return (record, start)
            case .mark(let found, let stop):
                guard offset + Int64(stop - position) <= end else { return nil }
                offset += Int64(stop - position)
                position = stop
                mark = found
            case .incomplete(let needed):
                guard end - offset >= Int64(needed) else { return nil }
                let wanted = Int(min(Int64(max(needed, Self.windowBytes)), end - offset))
                guard let more = try? FileAccess.read(file, at: offset, count: wanted),
                    more.count >= needed, more.count > window.count - position
                else { return nil }
                window = more
                position = 0
            case .damaged:
                return nil
            }
        }
    }
}

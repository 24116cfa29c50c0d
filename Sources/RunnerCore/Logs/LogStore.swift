import NIOConcurrencyHelpers

/// The logs of all instances, below one directory.
///
/// One thread writes, another reads, so that no reader can delay a container's output.
final class LogStore: Sendable {
    private let directory: String
    private let retentionBytes: Int64
    private let writeQueue = BlockingQueue(label: "runner-agent.log-write")
    private let readQueue = BlockingQueue(label: "runner-agent.log-read")
    private let logs = NIOLockedValueBox<[InstanceID: InstanceLog]>([:])

    init(directory: String, retentionBytes: Int64) {
        self.directory = directory
        self.retentionBytes = retentionBytes
    }

    /// The log of a new instance.
    func create(_ id: InstanceID) -> InstanceLog {
        open(id, recovering: false)
    }

    /// The log of an instance of an earlier run of the agent.
    ///
    /// Blocking.
    func recover(_ id: InstanceID) -> InstanceLog {
        open(id, recovering: true)
    }

    func log(_ id: InstanceID) -> InstanceLog? {
        logs.withLockedValue { $0[id] }
    }

    func remove(_ id: InstanceID) async {
        guard let log = logs.withLockedValue({ $0.removeValue(forKey: id) }) else { return }
        await log.end(.removed)
        await writeQueue.run { FileAccess.removeTree(log.directory) }
    }

    /// Removes the directories of instances nobody knows any more.
    ///
    /// Blocking.
    func removeUnknown(keeping known: Set<InstanceID>) {
        for name in FileAccess.names(in: directory) {
            if let id = InstanceID(name), !known.contains(id) { FileAccess.removeTree(directory + "/" + name) }
        }
    }

    func endAll(_ reason: LogEnd) async {
        for log in logs.withLockedValue({ Array($0.values) }) { await log.end(reason) }
    }

    var totalBytes: Int64 { logs.withLockedValue { Array($0.values) }.reduce(0) { $0 + $1.totalBytes } }

    private func open(_ id: InstanceID, recovering: Bool) -> InstanceLog {
        let log = InstanceLog(
            directory: directory + "/" + id.description, retentionBytes: retentionBytes, queue: writeQueue,
            recovering: recovering)
        logs.withLockedValue { $0[id] = log }
        return log
    }

    // MARK: Reading

    static let defaultLimit = 1000
    static let maxLimit = 10_000
    /// One page never holds more than this much text.
    private static let pageBytes = 4 << 20

    func page(of log: InstanceLog, _ query: LogQuery) async throws(Failure) -> LogPage {
        let first = try await firstSeq(of: log, query)
        let limit = min(query.limit ?? query.tail ?? Self.defaultLimit, Self.maxLimit)
        return await readQueue.run {
            var reader = LogReader(log: log, nextSeq: first)
            defer { reader.close() }
            let records = reader.read(matching: query, maxRecords: limit, maxBytes: Self.pageBytes)
            let nextSeq = reader.nextSeq
            let more = records.count == limit || records.reduce(0) { $0 + $1.bytes.count } >= Self.pageBytes
            let truncated = more && !reader.read(matching: query, maxRecords: 1, maxBytes: 1).isEmpty
            return LogPage(records: records, nextSeq: nextSeq, truncated: truncated)
        }
    }

    func cursor(of log: InstanceLog, _ query: LogQuery) async throws(Failure) -> LogCursor {
        let first = try await firstSeq(of: log, query)
        return LogCursor(log: log, query: query, firstSeq: first, queue: readQueue)
    }

    /// Where a query starts: after the cursor, or so that `tail` matching records remain, or at the oldest record.
    private func firstSeq(of log: InstanceLog, _ query: LogQuery) async throws(Failure) -> Int64 {
        let bounds = log.bounds
        if let after = query.after, after >= bounds.next || after < 0 {
            throw Failure(
                .logCursorInvalid, "after: \(after) is past the newest record, \(bounds.next - 1)",
                hint: "use the seq of a record of this instance, or leave `after` out to start at the oldest record")
        }
        let start = query.after.map { $0 + 1 } ?? bounds.oldest
        guard let tail = query.tail else { return start }
        if query.streams == nil, query.phases == nil, query.since == nil, query.until == nil {
            return max(start, bounds.next - Int64(tail))
        }
        return await readQueue.run {
            var reader = LogReader(log: log, nextSeq: max(start, bounds.oldest))
            defer { reader.close() }
            var newest = RingOfSeqs(capacity: tail)
            while reader.nextSeq < bounds.next {
                let records = reader.read(matching: query, maxRecords: 512, maxBytes: Self.pageBytes)
                if records.isEmpty { break }
                for record in records { newest.append(record.seq) }
            }
            return newest.oldest ?? bounds.next
        }
    }
}

/// The last few of a sequence of numbers.
private struct RingOfSeqs {
    let capacity: Int
    private var seqs: [Int64] = []
    private var start = 0

    init(capacity: Int) {
        self.capacity = min(capacity, LogStore.maxLimit)
    }

    var oldest: Int64? { seqs.isEmpty ? nil : seqs[start % seqs.count] }

    mutating func append(_ seq: Int64) {
        guard capacity > 0 else { return }
        if seqs.count < capacity { return seqs.append(seq) }
        seqs[start % capacity] = seq
        start += 1
    }
}

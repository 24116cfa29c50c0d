import NIOConcurrencyHelpers

/// A follower of one instance's log: asks for batches at its own speed and waits when it has caught up.
///
/// A cursor that is not asked costs nothing: records stay in the log's files. Not for use by two tasks at once.
package final class LogCursor: Sendable {
    /// The first record this cursor can give, and the one after the newest when it was opened.
    package let firstSeq: Int64
    package let openedAtSeq: Int64

    private let log: InstanceLog
    private let query: LogQuery
    private let queue: BlockingQueue
    private let reader: NIOLockedValueBox<LogReader>
    private let outcome = NIOLockedValueBox<LogEnd?>(nil)

    init(log: InstanceLog, query: LogQuery, firstSeq: Int64, queue: BlockingQueue) {
        self.log = log
        self.query = query
        self.queue = queue
        self.firstSeq = firstSeq
        openedAtSeq = log.bounds.next
        reader = NIOLockedValueBox(LogReader(log: log, nextSeq: firstSeq))
    }

    deinit {
        reader.withLockedValue { $0.close() }
    }

    /// The next records, at least one, as soon as there is one; nil when the log has ended or the cursor was cancelled.
    package func next(maxRecords: Int, maxBytes: Int) async -> LogBatch? {
        while true {
            if Task.isCancelled { cancel() }
            if outcome.withLockedValue({ $0 }) == .unsubscribed { return nil }
            // Read before looking for the end: what was written before the end must still be given out.
            let ended = log.endReason
            let batch = await queue.run { [self] in
                reader.withLockedValue { reader in
                    let records = reader.read(matching: query, maxRecords: maxRecords, maxBytes: maxBytes)
                    return LogBatch(records: records, lastSeq: reader.nextSeq - 1)
                }
            }
            if !batch.records.isEmpty { return batch }
            if let ended {
                outcome.withLockedValue { $0 = $0 ?? ended }
                return nil
            }
            if log.bounds.next > batch.lastSeq + 1 {
                // The file cannot be opened just now, for example because descriptors have run out.
                try? await Task.sleep(for: .milliseconds(100))
            } else {
                await log.waitForRecord(batch.lastSeq + 1, unless: { outcome.withLockedValue { $0 != nil } })
            }
        }
    }

    /// Makes the pending and every later `next` return nil.
    package func cancel() {
        outcome.withLockedValue { $0 = $0 ?? .unsubscribed }
        log.wakeReaders()
    }

    /// Why `next` gave nil.
    package var endReason: LogEnd { outcome.withLockedValue { $0 } ?? .ended }

    /// Where to resume: `after` this minus one.
    package var nextSeq: Int64 { reader.withLockedValue { $0.nextSeq } }
}

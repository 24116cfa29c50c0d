internal import RunnerCore
internal import RunnerProtocol

/// Sends the records of one cursor as `runner.log`, and `runner.log.end` as the last line.
///
/// It takes from the cursor only what may be queued, and encodes here, off the event loop. While the client does not read it
/// stands still, and the records stay in the log's files.
struct LogStream {
    let session: Session
    let subscription: String
    let instance: InstanceID
    let cursor: LogCursor

    func run() async {
        let limits = session.limits
        let notification = LogNotification(subscriptionID: subscription, instanceID: instance.description)
        while await session.mayProduce(subscription),
            let batch = await cursor.next(
                maxRecords: WireLimits.recordsPerNotification, maxBytes: limits.logChunkBytes)
        {
            var writer = JSONWriter(reserving: limits.logChunkBytes)
            notification.encode(batch.records.map(LogRecordMessage.init), lastSeq: batch.lastSeq, into: &writer)
            session.queue(writer.bytes, of: subscription)
        }
        // Also when the client has gone: the cursor holds an open file.
        cursor.cancel()
        var writer = JSONWriter(reserving: 256)
        encodeNotification(
            LogEndNotification(
                subscriptionID: subscription, instanceID: instance.description,
                reason: LogEndNotification.Reason(cursor.endReason), nextSeq: cursor.nextSeq),
            into: &writer)
        session.endSubscription(subscription, lastLines: writer.bytes)
    }
}

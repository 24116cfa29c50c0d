internal import RunnerCore
internal import RunnerProtocol

/// `runner.logs`: a page of records, or a subscription to them.
enum LogsHandler {
    static func handle(_ request: Request) async throws -> Answer {
        let params = try LogsParams(params: try request.params.value())
        let id = try InstanceID(wire: params.instanceID)
        return params.follow
            ? try await follow(id, params, request)
            : try await page(id, params, request)
    }

    private static func page(_ id: InstanceID, _ params: LogsParams, _ request: Request) async throws -> Answer {
        var query = LogQuery(params)
        query.limit = query.limit ?? WireLimits.defaultLogPageRecords
        let page = try await request.runner.readLogs(id, query)
        return Answer(
            LogsResult(
                records: page.records.map(LogRecordMessage.init), nextSeq: page.nextSeq, isTruncated: page.truncated))
    }

    private static func follow(_ id: InstanceID, _ params: LogsParams, _ request: Request) async throws -> Answer {
        let session = request.session
        let subscription = try session.reserveSubscription()
        let cursor: LogCursor
        do {
            cursor = try await request.runner.followLogs(id, LogQuery(params))
        } catch {
            session.returnSubscription()
            throw error
        }
        let acknowledgement = LogsSubscriptionResult(
            subscriptionID: subscription, firstSeq: cursor.firstSeq, nextSeq: cursor.openedAtSeq)
        let task = SubscriptionTask()
        session.subscribe(subscription, outlivesInput: true) { task.cancel() }
        let stream = LogStream(session: session, subscription: subscription, instance: id, cursor: cursor)
        return Answer(
            whenQueued: { task.start { await stream.run() } },
            undo: {
                cursor.cancel()
                session.endSubscription(subscription)
                return id.description
            },
            result: { acknowledgement.write(to: &$0) })
    }
}

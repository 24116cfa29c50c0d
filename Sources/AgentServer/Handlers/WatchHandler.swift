internal import RunnerCore
internal import RunnerProtocol

/// `runner.watch`: a snapshot, then `runner.instance` for every change.
enum WatchHandler {
    static func handle(_ request: Request) async throws -> Answer {
        let params = try WatchParams(params: try request.params.value())
        let session = request.session
        let id = try params.instanceID.map { text throws(ResponseError) in try InstanceID(wire: text) }
        if let id, request.runner.instance(id) == nil { throw ResponseError.instanceNotFound(id.description) }

        let subscription = try session.reserveSubscription()
        let watch = request.runner.watch(componentRef: params.componentRef?.lowercased(), instanceID: id)
        // A client that closed its sending side can still read a watch over a socket; over stdio nobody would ever end it.
        let task = SubscriptionTask()
        session.subscribe(subscription, outlivesInput: !session.peer.isStdio) { task.cancel() }
        let result = WatchResult(subscriptionID: subscription, instances: watch.snapshot.map(InstanceMessage.init))
        return Answer(
            whenQueued: { task.start { await stream(watch, subscription, session) } },
            undo: {
                session.endSubscription(subscription)
                watch.cancel()
                return id?.description
            },
            result: { result.write(to: &$0) })
    }

    private static func stream(_ watch: InstanceWatch, _ subscription: String, _ session: Session) async {
        while await session.mayProduce(subscription), let changed = await watch.next() {
            var writer = JSONWriter(reserving: 1_024)
            for instance in changed {
                encodeNotification(
                    InstanceNotification(subscriptionID: subscription, instance: InstanceMessage(instance)),
                    into: &writer)
            }
            session.queue(writer.bytes, of: subscription)
        }
        watch.cancel()
        session.endSubscription(subscription)
    }
}

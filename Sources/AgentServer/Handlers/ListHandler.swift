internal import RunnerCore
internal import RunnerProtocol

/// `runner.list`: the instances, newest first, from memory.
enum ListHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        let params = try ListParams(params: try params.value())
        let cursor = try params.cursor.map { text throws(ResponseError) in try ListCursor(text) }
        let statuses = params.status.map(Set.init)
        let reference = params.componentRef?.lowercased()
        var matching = session.context.runner.instances()[...]
        if let cursor { matching = cursor.rest(of: matching) }
        let page = Page(limit: params.limit ?? WireLimits.listPage)
        return Answer(
            page.result(
                of: matching.lazy.filter { instance in
                    (reference.map { $0 == instance.componentRef } ?? true)
                        && (statuses?.contains(WireStatus(instance.status)) ?? true)
                }))
    }

    /// As many instances as `limit` and one outbound line allow, and the cursor of the rest.
    private struct Page {
        let limit: Int

        func result(of instances: some Sequence<Instance>) -> ListResult {
            var messages: [InstanceMessage] = []
            var scratch = JSONWriter(reserving: 1_024)
            var bytes = 0
            var last: Instance?
            for instance in instances {
                let message = InstanceMessage(instance)
                scratch.bytes.removeAll(keepingCapacity: true)
                message.write(to: &scratch)
                bytes += scratch.bytes.count + 1
                let isFull = messages.count == limit || (bytes > WireLimits.outboundLineBytes && !messages.isEmpty)
                if isFull, let last { return ListResult(instances: messages, nextCursor: ListCursor(last).text) }
                messages.append(message)
                last = instance
            }
            return ListResult(instances: messages)
        }
    }
}

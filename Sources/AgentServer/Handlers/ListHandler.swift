internal import RunnerCore
internal import RunnerProtocol

/// `runner.list`: the instances, newest first, from memory.
enum ListHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        let params = try ListParams(params: try params.value())
        let cursor = try params.cursor.map { text throws(ResponseError) in try ListCursor(text) }
        let context = session.context
        guard params == ListParams() else { return Answer(page(params, after: cursor, context)) }
        // What everybody asks for all the time.
        let everything = context.encodedInstances.list(of: context.runner.instancesVersion) {
            var writer = JSONWriter(reserving: 4_096)
            page(params, after: nil, context).write(to: &writer)
            return writer.bytes
        }
        return Answer { $0.raw(everything) }
    }

    private static func page(_ params: ListParams, after cursor: ListCursor?, _ context: AgentContext) -> ListResult {
        let statuses = params.status.map(Set.init)
        let reference = params.componentRef?.lowercased()
        var matching = context.runner.instances()[...]
        if let cursor { matching = cursor.rest(of: matching) }
        let page = Page(limit: params.limit ?? WireLimits.listPage, encoded: context.encodedInstances)
        return page.result(
            of: matching.lazy.filter { instance in
                (reference.map { $0 == instance.componentRef } ?? true)
                    && (statuses?.contains(WireStatus(instance.status)) ?? true)
            })
    }

    /// As many instances as `limit` and one outbound line allow, and the cursor of the rest.
    private struct Page {
        let limit: Int
        let encoded: EncodedInstances

        func result(of instances: some Sequence<Instance>) -> ListResult {
            var page: [[UInt8]] = []
            var bytes = 0
            var last: Instance?
            for instance in instances {
                let message = encoded.bytes(of: instance)
                bytes += message.count + 1
                let isFull = page.count == limit || (bytes > WireLimits.outboundLineBytes && !page.isEmpty)
                if isFull, let last { return ListResult(instances: page, nextCursor: ListCursor(last).text) }
                page.append(message)
                last = instance
            }
            return ListResult(instances: page)
        }
    }
}

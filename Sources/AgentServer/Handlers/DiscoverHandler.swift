internal import RunnerProtocol

/// `rpc.discover`: the OpenRPC document, as it was built in.
enum DiscoverHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        _ = try DiscoverParams(params: try params.value())
        let document = session.context.description.discoverDocument
        return Answer { $0.raw(document) }
    }
}

internal import RunnerProtocol

/// `runner.unsubscribe`: ends a subscription of this connection.
enum UnsubscribeHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        let params = try UnsubscribeParams(params: try params.value())
        guard session.unsubscribe(params.subscriptionID) else {
            throw .domain(
                .subscriptionNotFound,
                message: "This connection has no subscription \(params.subscriptionID.prefix(64)).")
        }
        return Answer(EmptyResult())
    }
}

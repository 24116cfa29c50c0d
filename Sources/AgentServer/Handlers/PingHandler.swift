internal import RunnerProtocol

/// `agent.ping`: `{}` at once.
enum PingHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        _ = try PingParams(params: try params.value())
        return answer
    }

    private static let answer = Answer(EmptyResult())
}

internal import RunnerProtocol

/// `shutdown`: over stdio it announces `exit`, as in LSP; over the socket it stops the agent, for the agent's own user only.
enum ShutdownHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        _ = try ShutdownParams(params: try params.value())
        switch session.peer {
        case .stdio:
            session.update { $0.wasShutDown = true }
        case .socket(let uid, _):
            guard uid == session.context.ownUID else {
                throw .domain(.permissionDenied, message: "Only the agent's own user may shut it down.")
            }
            session.context.stop()
        }
        return Answer(ShutdownResult())
    }
}

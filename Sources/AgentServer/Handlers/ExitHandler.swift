internal import RunnerProtocol

/// `exit`: ends a stdio session at once, or closes this connection of the socket.
enum ExitHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) {
        let wasShutDown = session.update { $0.wasShutDown }
        session.endNow(.exited(afterShutdown: wasShutDown))
    }
}

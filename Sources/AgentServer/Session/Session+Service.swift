internal import RunnerCore
internal import RunnerProtocol

extension Session {
    /// Refuses new work while the agent or this session is ending.
    func checkService(_ method: WireMethod) throws(ResponseError) {
        let (isShuttingDown, wasShutDown) = update { ($0.isShuttingDown, $0.wasShutDown) }
        if isShuttingDown { throw .shuttingDown }
        // As in LSP: between `shutdown` and `exit` there are no requests.
        if wasShutDown { throw .invalidRequest("the session was shut down") }
    }

    /// Remembers what this connection has started, for `onDisconnect: "stop"`.
    func noteStarted(_ id: InstanceID) {
        let mustStop = update { state in
            state.startedInstances.insert(id)
            return state.isDisconnected && state.stopsStartedInstances
        }
        // The connection ended while the start was being accepted.
        if mustStop { context.stopAfterDisconnect([id]) }
    }

    /// Queues a progress line among the answers; a report is dropped while the client leaves much unread.
    func queueProgress(_ line: [UInt8], mayBeDropped: Bool) {
        update { state in
            guard !state.isDisconnected else { return }
            if mayBeDropped, state.outbox.answers.count > Self.unreadProgressBytes { return }
            state.outbox.append(answer: line)
            state.wakeTransport()
        }
    }

    private static let unreadProgressBytes = 64 << 10
}

extension ResponseError {
    static var shuttingDown: ResponseError {
        .domain(
            .shuttingDown, message: "The agent is shutting down.",
            hint: "Connect again: the next agent takes over what runs.", retryable: true, retryAfterMs: 1_000)
    }

    static func responseTooLarge(limitBytes: Int) -> ResponseError {
        .domain(
            .responseTooLarge, message: "The answers of this batch are over \(limitBytes) bytes together.",
            hint: "Ask for less in one batch, or page with limit and cursor.", extra: [("limit", .int(limitBytes))])
    }
}

internal import Logging
internal import NIOConcurrencyHelpers
internal import RunnerCore
internal import RunnerProtocol

/// One client: its requests in flight, its subscriptions, and what is still to be sent to it.
///
/// A session knows nothing of sockets. A transport feeds its bytes to a ``SessionInput``, takes what is to be sent with
/// ``takeOutput(_:)``, and is woken when there is something to look at. Everything here may be called from any thread.
final class Session: Sendable {
    let context: AgentContext
    let peer: SessionPeer
    let limits: SessionLimits
    let log: Logger
    private let mirrorConnection: Int
    private let state = NIOLockedValueBox(SessionState())
    private let wake: @Sendable () -> Void
    /// Ends the whole stdio session, or this connection of the socket.
    let endNow: @Sendable (StdioEnd) -> Void

    /// `wake` is called from any thread, at most once until the transport has called ``takeOutput(_:)`` again.
    init(
        context: AgentContext, peer: SessionPeer, wake: @escaping @Sendable () -> Void,
        endNow: @escaping @Sendable (StdioEnd) -> Void
    ) {
        self.context = context
        self.peer = peer
        self.limits = context.limits
        self.log = context.log
        self.mirrorConnection = context.mirror?.nextConnection() ?? 0
        self.wake = wake
        self.endNow = endNow
    }

    /// Changes the state under the lock, then does outside of it what the change asks for.
    func update<Result>(_ change: (inout SessionState) -> Result) -> Result {
        let (result, effects) = state.withLockedValue { state in
            let result = change(&state)
            return (result, state.takeEffects())
        }
        for action in effects.actions { action() }
        if effects.wake { wake() }
        return result
    }

    // MARK: - What the transport asks

    /// Moves what is to be sent to `sink` until that returns false, answers first.
    ///
    /// `sink` gets whole lines and whether they are answers, and returns whether the transport would take more at once.
    /// A chunk of notifications that was taken lets its producer make another.
    func takeOutput(_ sink: (_ lines: [UInt8], _ areAnswers: Bool) -> Bool) {
        update { $0.isWakePending = false }
        while true {
            let taken: (lines: [UInt8], areAnswers: Bool)? = update { state in
                if !state.outbox.answers.isEmpty { return (state.outbox.takeAnswers(), true) }
                guard let chunk = state.outbox.takeChunk() else { return nil }
                if var subscription = state.subscriptions[chunk.subscription] {
                    subscription.queuedChunks -= 1
                    state.subscriptions[chunk.subscription] = subscription
                    state.resumeProducer(chunk.subscription)
                }
                return (chunk.bytes, false)
            }
            guard let taken else { return }
            context.mirror?.note(taken.lines, connection: mirrorConnection, isInbound: false)
            guard sink(taken.lines, taken.areAnswers) else { return }
        }
    }

    /// A line has been received.
    func noteReceived(_ line: [UInt8]) {
        context.mirror?.note(line, connection: mirrorConnection, isInbound: true)
    }

    /// Whether another request may be taken: not while too many run or too many answers wait to be read.
    func wantsRequests(besides unsent: Int = 0) -> Bool {
        update { state in
            !state.isDisconnected && state.running.count < limits.runningRequests
                && state.outbox.answers.count + unsent <= limits.unsentAnswerBytes
        }
    }

    /// Nothing more is taken because of the requests that run, not because of a client that does not read.
    var runsTooMany: Bool {
        update { state in
            !state.isDisconnected && state.running.count >= limits.runningRequests
                && state.outbox.answers.count <= limits.unsentAnswerBytes
        }
    }

    var hasUnsentAnswers: Bool { update { !$0.outbox.answers.isEmpty } }
    var isDrained: Bool { update { $0.isDrained } }
    var isStopping: Bool { update { $0.isShuttingDown } }

    // MARK: - The ends of a session

    /// The client has closed its sending side and all it sent was read; it still gets everything it asked for.
    func inputEnded() {
        update { state in
            state.isInputDone = true
            // Over stdio nobody would ever end a watch, so it must not keep the process.
            for (id, subscription) in state.subscriptions where !subscription.outlivesInput {
                Session.cancel(id, in: &state)
            }
            state.wakeTransport()
        }
    }

    /// The client is gone: nothing can be sent any more.
    func disconnected() {
        let instances: Set<InstanceID> = update { state in
            guard !state.isDisconnected else { return [] }
            state.isDisconnected = true
            state.outbox.discardAll()
            for id in state.subscriptions.keys { Session.cancel(id, in: &state) }
            for request in state.running.values where request.endsWithConnection {
                if let task = request.task { state.later { task.cancel() } }
            }
            return state.stopsStartedInstances ? state.startedInstances : []
        }
        context.stopAfterDisconnect(instances)
    }

    /// From now on every request is answered `SHUTTING_DOWN`, and the session ends when nothing is owed any more.
    func beginShutdown() {
        update { state in
            state.isShuttingDown = true
            state.wakeTransport()
        }
    }

    /// Answers `SHUTTING_DOWN` to what is still running and ends what is still streaming: the time to drain is over.
    func abandonRequests() {
        update { state in
            for request in state.running.values {
                if let id = request.id, !request.isAnswered {
                    var writer = JSONWriter(reserving: 256)
                    encodeError(id, .shuttingDown, into: &writer)
                    state.outbox.append(answer: writer.bytes)
                }
                if let task = request.task { state.later { task.cancel() } }
            }
            state.running = [:]
            for id in state.subscriptions.keys { Session.cancel(id, in: &state) }
            state.wakeTransport()
        }
    }

    /// Marks a subscription as cancelled and tells its producer, which then sends its last line.
    static func cancel(_ id: String, in state: inout SessionState) {
        guard var subscription = state.subscriptions[id], !subscription.isCancelled else { return }
        subscription.isCancelled = true
        state.subscriptions[id] = subscription
        state.later(subscription.cancel)
        state.resumeProducer(id)
    }
}

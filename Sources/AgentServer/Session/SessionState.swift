internal import RunnerCore
internal import RunnerProtocol

/// What a session knows, changed only under its lock.
///
/// It does no I/O: whatever has to happen outside the lock (waking the transport, resuming a task, cancelling one) is left in
/// `effects`, which ``Session/update(_:)`` performs after unlocking.
struct SessionState {
    /// A request that was read and is not yet answered.
    struct RunningRequest {
        /// Nil for a notification that has a side effect.
        let id: RequestID?
        /// Reads are pointless once nobody can get the answer; starts and stops go on.
        let endsWithConnection: Bool
        var task: Task<Void, Never>?
        var isCancelled = false
        /// Its answer is on the way into that of its batch.
        var isAnswered = false
    }

    struct Subscription {
        let cancel: @Sendable () -> Void
        /// Whether a client that has closed its sending side is kept for this one.
        let outlivesInput: Bool
        var queuedChunks = 0
        var isCancelled = false
        /// The producer, waiting until it may queue another chunk.
        var waiter: CheckedContinuation<Bool, Never>?
    }

    var outbox = Outbox()
    var running: [UInt64: RunningRequest] = [:]
    var subscriptions: [String: Subscription] = [:]
    /// Subscriptions asked for whose request still runs; they count against the limit.
    var reservedSubscriptions = 0
    var nextSerial: UInt64 = 0
    var nextSubscription: UInt64 = 0
    /// The client sends nothing more and everything it sent was read.
    var isInputDone = false
    var isShuttingDown = false
    var isDisconnected = false
    /// The transport was woken and has not looked yet.
    var isWakePending = false
    /// The first process named in `initialize` is watched already.
    var watchesProcess = false
    /// An LSP-style `shutdown` was answered.
    var wasShutDown = false
    /// Instances to stop when this connection ends (`onDisconnect: "stop"`).
    var stopsStartedInstances = false
    var startedInstances: Set<InstanceID> = []

    private var needsWake = false
    private var effects: [@Sendable () -> Void] = []

    /// Everything owed to the client has been handed to the transport, and nothing more can come.
    var isDrained: Bool {
        guard isInputDone || isShuttingDown || isDisconnected else { return false }
        return running.isEmpty && subscriptions.isEmpty && reservedSubscriptions == 0 && outbox.isEmpty
    }

    mutating func wakeTransport() {
        if !isWakePending { needsWake = true }
        isWakePending = true
    }

    mutating func later(_ effect: @escaping @Sendable () -> Void) { effects.append(effect) }

    /// Lets a waiting producer look again.
    mutating func resumeProducer(_ id: String) {
        guard let waiter = subscriptions[id]?.waiter else { return }
        subscriptions[id]?.waiter = nil
        let mayProduce = !isDisconnected
        later { waiter.resume(returning: mayProduce) }
    }

    mutating func takeEffects() -> (wake: Bool, actions: [@Sendable () -> Void]) {
        let taken = (needsWake, effects)
        needsWake = false
        if !effects.isEmpty { effects = [] }
        return taken
    }
}

import NIOConcurrencyHelpers

/// The task that owns one instance from acceptance to its end, and the reason it was told to give up, if it was.
final class StartJob: Sendable {
    enum CancelReason: Sendable {
        case cancelled, superseded, timedOut, shutdown
    }

    private struct State {
        var reason: CancelReason?
        var identity: String?
        /// The start is over: only the agent's own end cancels the job now.
        var running = false
        var task: Task<Void, Never>?
        var ended = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    let id: InstanceID
    let epoch: Int64
    private let state = NIOLockedValueBox(State())

    init(id: InstanceID, epoch: Int64) {
        self.id = id
        self.epoch = epoch
    }

    /// Starts the job's task.
    ///
    /// An unstructured task: an instance outlives the request, the connection and the caller.
    func begin(_ operation: @escaping @Sendable () async -> Void) {
        let cancelled = state.withLockedValue { state in
            state.task = Task {
                await operation()
                end()
            }
            return state.reason != nil ? state.task : nil
        }
        cancelled?.cancel()
    }

    /// The job is over, or will never begin.
    func end() {
        let waiters = state.withLockedValue { state in
            state.ended = true
            state.task = nil
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Gives the start up; the first reason counts.
    ///
    /// False when the container runs already: then it is to be stopped.
    @discardableResult
    func cancel(_ reason: CancelReason) -> Bool {
        let (accepted, task) = state.withLockedValue { state -> (Bool, Task<Void, Never>?) in
            if state.running, reason != .shutdown { return (false, nil) }
            state.reason = state.reason ?? reason
            return (true, state.task)
        }
        task?.cancel()
        return accepted
    }

    /// The start has succeeded; false when it was given up just before.
    func becameRunning() -> Bool {
        state.withLockedValue { state in
            guard state.reason == nil else { return false }
            state.running = true
            return true
        }
    }

    /// What it starts, once the configuration was read; see ``ConfiguredComponent/identity(of:in:)``.
    var identity: String? {
        get { state.withLockedValue { $0.identity } }
        set { state.withLockedValue { $0.identity = newValue } }
    }

    /// The container runs; its instance's status may say so a moment later.
    var isRunning: Bool { state.withLockedValue { $0.running } }

    var cancelReason: CancelReason? { state.withLockedValue { $0.reason } }

    /// Returns when the job has ended and cleaned up, also when it has not begun yet; or when the task is cancelled.
    func wait() async {
        let ticket = state.withLockedValue { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLockedValue { state in
                    if state.ended || Task.isCancelled { return true }
                    state.waiters[ticket] = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            state.withLockedValue { $0.waiters.removeValue(forKey: ticket) }?.resume()
        }
    }

    /// What a start given up for `reason` ends with.
    func failure(timeout: Duration) -> Failure? {
        switch cancelReason {
        case nil: nil
        case .cancelled:
            Failure(.cancelled, "the start was cancelled", hint: "start it again when you want it")
        case .superseded:
            Failure(.superseded, "a newer start took this one's place", hint: "watch the newer instance instead")
        case .timedOut:
            Failure(
                .startTimeout, "the start took longer than \(timeout.components.seconds) s",
                hint: "raise timeoutSeconds, or see in the build log what takes the time", retryable: true)
        case .shutdown:
            Failure(
                .interrupted, "the agent stopped during the start", hint: "start the component again", retryable: true)
        }
    }
}

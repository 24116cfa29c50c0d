internal import NIOConcurrencyHelpers

/// The task that produces what a subscription sends: begun when the subscription has been answered, cancelled with it.
///
/// It is no child of the request that asked for it, which it outlives.
final class SubscriptionTask: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    private let state = NIOLockedValueBox(State())

    /// Begins `body`, which also runs, cancelled, when the cancel came first: it says the last word of its subscription.
    func start(_ body: @escaping @Sendable () async -> Void) {
        state.withLockedValue { state in
            let task = Task { await body() }
            state.task = task
            if state.isCancelled { task.cancel() }
        }
    }

    func cancel() {
        let task = state.withLockedValue { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }
}

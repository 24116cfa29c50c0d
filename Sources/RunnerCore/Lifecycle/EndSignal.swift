import NIOConcurrencyHelpers

/// A container's end, waited for with a time limit.
final class EndSignal: Sendable {
    private struct State {
        var end: ContainerSupervisor.End?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    func set(_ end: ContainerSupervisor.End) {
        let waiter = state.withLockedValue { state in
            state.end = end
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// The end if it comes within `window`, else nil; throws when the task is cancelled.
    ///
    /// One caller.
    func value(within window: Duration) async throws -> ContainerSupervisor.End? {
        let timer = Task {
            try await Task.sleep(for: window)
            wake()
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let ready = state.withLockedValue { state in
                    if state.end != nil || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
        try Task.checkCancellation()
        return state.withLockedValue { $0.end }
    }

    private func wake() {
        state.withLockedValue { $0.waiter.take() }?.resume()
    }
}

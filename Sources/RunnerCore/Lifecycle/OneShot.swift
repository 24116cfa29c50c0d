import NIOConcurrencyHelpers

/// A value that comes once, waited for by one task that may give up.
final class OneShot<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    func set(_ value: Value) {
        let waiter = state.withLockedValue { state in
            state.value = value
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// The value if it comes within `window`, else nil; throws when the task is cancelled.
    func value(within window: Duration) async throws -> Value? {
        let timer = Task {
            try await Task.sleep(for: window)
            wake()
        }
        defer { timer.cancel() }
        await wait()
        try Task.checkCancellation()
        return state.withLockedValue { $0.value }
    }

    /// The value, or nil when the task is cancelled before it has come.
    func value() async -> Value? {
        await wait()
        return state.withLockedValue { $0.value }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let ready = state.withLockedValue { state in
                    if state.value != nil || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
    }

    private func wake() {
        state.withLockedValue { $0.waiter.take() }?.resume()
    }
}

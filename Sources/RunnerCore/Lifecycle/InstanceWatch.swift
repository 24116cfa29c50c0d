import NIOConcurrencyHelpers

/// A stream of changed instances that is asked, not pushed: a reader that is slow sees the newest state of each, no backlog.
package final class InstanceWatch: Sendable {
    private struct State {
        /// Changed since the last `next`, in the order of their first change.
        var changed: [Instance] = []
        var closed = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// The matching instances when the watch began, newest first.
    package let snapshot: [Instance]
    private let filter: @Sendable (Instance) -> Bool
    private let state = NIOLockedValueBox(State())

    init(snapshot: [Instance], filter: @escaping @Sendable (Instance) -> Bool) {
        self.snapshot = snapshot.filter(filter)
        self.filter = filter
    }

    /// The instances that changed since the last call, at least one; nil when the watch has been closed.
    package func next() async -> [Instance]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let ready = state.withLockedValue { state in
                    if !state.changed.isEmpty || state.closed || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
        return state.withLockedValue { state in
            defer { state.changed = [] }
            return state.changed.isEmpty ? nil : state.changed
        }
    }

    package func cancel() {
        let waiter = state.withLockedValue { state in
            state.closed = true
            return state.waiter.take()
        }
        waiter?.resume()
    }

    var isClosed: Bool { state.withLockedValue { $0.closed } }

    func note(_ instance: Instance) {
        guard filter(instance) else { return }
        let waiter = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
            // Nobody will ask again, and the registry lets go of it only when the next watch begins.
            guard !state.closed else { return nil }
            if let index = state.changed.firstIndex(where: { $0.id == instance.id }) {
                state.changed[index] = instance
            } else {
                state.changed.append(instance)
            }
            return state.waiter.take()
        }
        waiter?.resume()
    }
}

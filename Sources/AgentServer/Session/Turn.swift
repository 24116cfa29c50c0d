internal import NIOConcurrencyHelpers

/// The place of one call in the order of those calls of a connection that change something.
///
/// Tasks begin in no promised order, so two pipelined starts would race for which of them replaces the other. Each waits for its
/// turn, and passes it on as soon as the core has taken its call: a start once it is accepted, a stop when it is begun.
final class Turn: Sendable {
    private struct State {
        var previous: Turn?
        var hasPassed = false
        /// One turn has one successor, so at most one task waits.
        var next: CheckedContinuation<Void, Never>?
    }

    private let state: NIOLockedValueBox<State>

    init(after previous: Turn?) {
        state = NIOLockedValueBox(State(previous: previous))
    }

    /// Returns when the call before this one has been taken.
    func begin() async {
        // Taken out, so that a turn does not keep all those before it.
        let previous = state.withLockedValue { $0.previous.take() }
        await previous?.whenPassed()
    }

    /// Lets the next call begin; once is enough, and more does no harm.
    func pass() {
        let next = state.withLockedValue { state in
            state.hasPassed = true
            state.previous = nil
            return state.next.take()
        }
        next?.resume()
    }

    private func whenPassed() async {
        await withCheckedContinuation { continuation in
            let hasPassed = state.withLockedValue { state in
                if !state.hasPassed { state.next = continuation }
                return state.hasPassed
            }
            if hasPassed { continuation.resume() }
        }
    }
}

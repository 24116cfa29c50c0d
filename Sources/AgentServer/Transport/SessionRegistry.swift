internal import NIOConcurrencyHelpers

/// The sessions that are open, so that they can be counted and ended together.
final class SessionRegistry: Sendable {
    private struct State {
        var sessions: [ObjectIdentifier: Entry] = [:]
        /// Connections of the socket, each counted before its session exists.
        var admitted = 0
        var isShuttingDown = false
        var whenEmpty: CheckedContinuation<Void, Never>?
    }

    private struct Entry {
        let session: Session
        /// Ends the connection whatever is still owed.
        let close: @Sendable () -> Void
    }

    private let state = NIOLockedValueBox(State())

    var count: Int { state.withLockedValue { $0.sessions.count } }

    /// Takes one of `limit` places; false when all are taken.
    ///
    /// Connections come on several threads at once, and a session is added only when its connection is active.
    func admit(atMost limit: Int) -> Bool {
        state.withLockedValue { state in
            guard state.admitted < limit else { return false }
            state.admitted += 1
            return true
        }
    }

    /// Gives a place back.
    func leave() {
        state.withLockedValue { $0.admitted -= 1 }
    }

    func add(_ session: Session, close: @escaping @Sendable () -> Void) {
        let isShuttingDown = state.withLockedValue { state in
            state.sessions[ObjectIdentifier(session)] = Entry(session: session, close: close)
            return state.isShuttingDown
        }
        if isShuttingDown { session.beginShutdown() }
    }

    func remove(_ session: Session) {
        let waiter: CheckedContinuation<Void, Never>? = state.withLockedValue { state in
            state.sessions[ObjectIdentifier(session)] = nil
            return state.sessions.isEmpty ? state.whenEmpty.take() : nil
        }
        waiter?.resume()
    }

    func beginShutdown() {
        let sessions = state.withLockedValue { state in
            state.isShuttingDown = true
            return state.sessions.values.map(\.session)
        }
        for session in sessions { session.beginShutdown() }
    }

    func abandonRequests() {
        for session in state.withLockedValue({ $0.sessions.values.map(\.session) }) { session.abandonRequests() }
    }

    func closeAll() {
        for entry in state.withLockedValue({ Array($0.sessions.values) }) { entry.close() }
    }

    /// Returns when no session is open; for one caller at a time.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLockedValue { state in
                if !state.sessions.isEmpty { state.whenEmpty = continuation }
                return state.sessions.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}

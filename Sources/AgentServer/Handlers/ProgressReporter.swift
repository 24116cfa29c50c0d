internal import NIOConcurrencyHelpers
internal import RunnerCore
internal import RunnerProtocol

/// Sends `$/progress` for one start: one `begin`, at most ten notifications in any second, one `end`.
///
/// They travel with the answers, not with the notifications, so that `end` comes before the answer of its start.
final class ProgressReporter: Sendable {
    /// Of ten in a second, one is kept for `end`; and some for changes of phase, which say more than a count of bytes.
    private static let perSecond = 9
    private static let perSecondWithinPhase = 5

    private struct State {
        var hasBegun = false
        var hasEnded = false
        var phase: StartPhase?
        /// When the latest were sent, oldest first.
        var sent: [ContinuousClock.Instant] = []
    }

    private let session: Session
    private let token: ProgressToken
    private let state = NIOLockedValueBox(State())

    init(session: Session, token: ProgressToken) {
        self.session = session
        self.token = token
    }

    func report(_ progress: StartProgress) {
        // Sent under the lock, so that nothing can follow `end`.
        state.withLockedValue { state in
            guard let kind = Self.admit(progress.kind == .end, progress.phase, &state) else { return }
            var notification = ProgressNotification(
                token: token, kind: kind, phase: progress.phase.map(WirePhase.init), message: progress.message)
            notification.current = progress.current
            notification.total = progress.total
            notification.unit = progress.unit
            send(notification)
        }
    }

    /// Sends the `end` unless there was one.
    func finish(_ message: String) {
        state.withLockedValue { state in
            guard let kind = Self.admit(true, nil, &state) else { return }
            send(ProgressNotification(token: token, kind: kind, phase: nil, message: message))
        }
    }

    private func send(_ notification: ProgressNotification) {
        var writer = JSONWriter(reserving: 256)
        encodeNotification(notification, into: &writer)
        session.queueProgress(writer.bytes, mayBeDropped: notification.kind == .report)
    }

    /// The kind to send it as; nil when it is one too many.
    private static func admit(
        _ isEnd: Bool, _ phase: StartPhase?, _ state: inout State, now: ContinuousClock.Instant = .now
    ) -> ProgressNotification.Kind? {
        guard !state.hasEnded else { return nil }
        if isEnd {
            state.hasEnded = true
            return .end
        }
        state.sent.removeAll { now - $0 >= .seconds(1) }
        let changesPhase = phase != state.phase
        guard state.sent.count < (changesPhase ? perSecond : perSecondWithinPhase) else { return nil }
        state.phase = phase
        state.sent.append(now)
        defer { state.hasBegun = true }
        return state.hasBegun ? .report : .begin
    }
}

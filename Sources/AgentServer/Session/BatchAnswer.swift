internal import NIOConcurrencyHelpers
internal import RunnerProtocol

/// Collects the answers of a batch into the one array that is sent when all are there.
final class BatchAnswer: Sendable {
    private struct State {
        var answers: [[UInt8]] = []
        var bytes = 0
        /// Members that may still answer, and one for whoever is still reading the batch.
        var open = 1
        var hooks: [@Sendable () -> Void] = []
    }

    let limitBytes: Int
    private let session: Session
    private let state = NIOLockedValueBox(State())

    init(session: Session) {
        self.session = session
        self.limitBytes = session.limits.batchAnswerBytes
    }

    func hasRoom(for bytes: Int) -> Bool {
        state.withLockedValue { $0.bytes + bytes <= limitBytes }
    }

    /// Announces a member that will call ``finish(_:whenQueued:)``.
    func expect() { state.withLockedValue { $0.open += 1 } }

    /// The answer line of an announced member, empty for a notification, and what follows it on the wire.
    func finish(_ line: [UInt8], whenQueued: (@Sendable () -> Void)?) {
        add(line)
        if let whenQueued { state.withLockedValue { $0.hooks.append(whenQueued) } }
        close()
    }

    /// An answer made on the spot, by no announced member.
    func add(_ line: [UInt8]) {
        guard !line.isEmpty else { return }
        state.withLockedValue { state in
            state.answers.append(line)
            state.bytes += line.count
        }
    }

    /// All members were read; the array goes out with the last answer, which may be this moment.
    func seal() { close() }

    private func close() {
        let complete: State? = state.withLockedValue { state in
            state.open -= 1
            return state.open == 0 ? state : nil
        }
        guard let complete else { return }
        // A batch of notifications only is not answered at all: the writer stays empty.
        var writer = JSONWriter(reserving: complete.bytes + complete.answers.count + 2)
        encodeBatch(complete.answers, into: &writer)
        if !writer.bytes.isEmpty { session.queueAnswer(writer.bytes) }
        for hook in complete.hooks { hook() }
    }
}

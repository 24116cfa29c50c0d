internal import RunnerCore
internal import RunnerProtocol

/// One call of a slow method, as its handler sees it.
struct Request: Sendable {
    let session: Session
    let params: ParamsSlice
    let serial: UInt64
    /// Its place among the calls of this connection that change something; nil for those that only read.
    let turn: Turn?

    var runner: Runner { session.context.runner }
    var isCancelled: Bool { session.isCancelled(serial) }
}

/// What a slow method answers.
struct Answer: Sendable {
    /// Writes the `result`.
    let result: @Sendable (inout JSONWriter) -> Void
    /// Called once the answer is in the outbox: what must come after it on the wire begins here.
    var whenQueued: (@Sendable () -> Void)?
    /// Takes back what was done, because a cancel came before the answer; returns the instance it was about.
    var undo: (@Sendable () async -> String?)?

    init(
        whenQueued: (@Sendable () -> Void)? = nil, undo: (@Sendable () async -> String?)? = nil,
        result: @escaping @Sendable (inout JSONWriter) -> Void
    ) {
        self.result = result
        self.whenQueued = whenQueued
        self.undo = undo
    }

    init(_ message: some WireMessage) {
        self.init { message.write(to: &$0) }
    }
}

typealias RequestOutcome = Result<Answer, ResponseError>

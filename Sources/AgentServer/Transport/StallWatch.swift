internal import NIOCore

/// Notices a connection that leaves an answer unread and takes no byte at all for a while.
///
/// There is a timer only while something waits to be sent: an idle connection costs nothing. Notifications alone never make a
/// connection stall, because a follower that does not read holds no memory that grows.
struct StallWatch {
    enum Verdict { case moving, stalled }

    /// Looks this often within the limit.
    private static let checksPerLimit = 4

    private let limit: Duration
    private var timer: Scheduled<Void>?
    /// Bytes given to the channel so far, and how many of them lay before the end of the last answer.
    private var written = 0
    private var lastAnswerEnd = 0
    private var sentAtProgress = 0
    private var progressAt = ContinuousClock.now

    init(limit: Duration) { self.limit = limit }

    var isWatching: Bool { timer != nil }

    mutating func wrote(_ bytes: Int, answers: Bool) {
        written += bytes
        if answers { lastAnswerEnd = written }
    }

    /// Begins to watch from now, or goes on after a ``check(buffered:hasUnsentAnswers:)``.
    mutating func start(on loop: any EventLoop, check: @escaping @Sendable () -> Void) {
        if timer == nil { progressAt = .now }
        timer = loop.scheduleTask(in: TimeAmount(limit / Self.checksPerLimit), check)
    }

    mutating func stop() {
        timer?.cancel()
        timer = nil
    }

    /// Called by the timer, with the bytes the channel still holds.
    mutating func check(buffered: Int, hasUnsentAnswers: Bool) -> Verdict {
        let sent = written - buffered
        if sent != sentAtProgress {
            sentAtProgress = sent
            progressAt = .now
        }
        let owesAnswer = hasUnsentAnswers || lastAnswerEnd > sent
        return owesAnswer && ContinuousClock.now - progressAt >= limit ? .stalled : .moving
    }
}

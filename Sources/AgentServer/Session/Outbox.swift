/// What one connection still has to send: answers first, then notifications in the order they were queued.
///
/// Both hold whole lines. Answers are bounded by the session, which stops taking requests when they pile up; notifications by
/// their subscriptions, each of which may have only a few chunks here at a time.
struct Outbox {
    /// A run of whole notification lines of one subscription.
    struct Chunk {
        let subscription: String
        let bytes: [UInt8]
    }

    private(set) var answers: [UInt8] = []
    private var chunks: [Chunk] = []
    /// How many of `chunks` are already taken; the array is compacted when all are.
    private var taken = 0

    var isEmpty: Bool { answers.isEmpty && taken == chunks.count }

    mutating func append(answer line: [UInt8]) {
        // The usual burst finds nothing waiting and hands over its buffer as it is.
        if answers.isEmpty { answers = line } else { answers += line }
    }

    mutating func append(_ chunk: Chunk) { chunks.append(chunk) }

    mutating func takeAnswers() -> [UInt8] {
        let bytes = answers
        answers = []
        return bytes
    }

    mutating func takeChunk() -> Chunk? {
        guard taken < chunks.count else { return nil }
        let chunk = chunks[taken]
        taken += 1
        if taken == chunks.count {
            chunks.removeAll(keepingCapacity: true)
            taken = 0
        }
        return chunk
    }

    mutating func discardAll() {
        answers = []
        chunks = []
        taken = 0
    }
}

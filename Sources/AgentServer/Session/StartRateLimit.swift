internal import NIOConcurrencyHelpers
internal import RunnerProtocol

/// How many starts one user may ask for: a bucket per uid that holds a minute's worth and refills evenly.
final class StartRateLimit: Sendable {
    private struct Bucket {
        var tokens: Double
        var refilledAt: ContinuousClock.Instant
    }

    let perMinute: Int
    private let buckets = NIOLockedValueBox<[UInt32: Bucket]>([:])

    init(perMinute: Int) { self.perMinute = perMinute }

    /// Takes one start from the bucket of `uid`, or throws `BUSY` with the time until there is one.
    func take(uid: UInt32, now: ContinuousClock.Instant = .now) throws(ResponseError) {
        let perSecond = Double(perMinute) / 60
        let wait: Double? = buckets.withLockedValue { buckets in
            var bucket = buckets[uid] ?? Bucket(tokens: Double(perMinute), refilledAt: now)
            let passed = (now - bucket.refilledAt) / .seconds(1)
            bucket.tokens = min(Double(perMinute), bucket.tokens + passed * perSecond)
            bucket.refilledAt = now
            defer { buckets[uid] = bucket }
            guard bucket.tokens >= 1 else { return (1 - bucket.tokens) / perSecond }
            bucket.tokens -= 1
            return nil
        }
        guard let wait else { return }
        throw .domain(
            .busy, message: "More than \(perMinute) starts a minute.", hint: "Try again after retryAfterMs.",
            retryable: true, retryAfterMs: Int64((wait * 1_000).rounded(.up)), extra: [("limit", .int(perMinute))])
    }
}

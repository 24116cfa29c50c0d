/// When a failed request is made again.
///
/// Transient failures (a status of 5xx or 408, a broken connection) are tried three times in all, after a random part of
/// 1 s and then of 4 s. A rate limit is waited for at most twice and only when the wait is short; going on against a
/// limit may get a client banned: <https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api>.
package struct RetryPolicy: Sendable {
    var attempts = 3
    var limitWaits = 2
    /// The longest wait inside a request; a longer one becomes an error that says when to come back.
    var longestWait: Duration = .seconds(60)
    /// Waits, and throws when the task is cancelled.
    ///
    /// Replaced in tests, to see the waits without spending them.
    var sleep: @Sendable (Duration) async throws -> Void

    package init(
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.sleep = sleep
    }

    package static let standard = RetryPolicy()

    /// Runs `body` until it succeeds or fails for good; `notice` hears a sentence before each wait.
    func run<Value: Sendable>(
        notice: (@Sendable (String) -> Void)?, _ body: () async throws -> Value
    ) async throws -> Value {
        var failures = 0
        var waits = 0
        while true {
            do {
                return try await body()
            } catch let failure as RequestFailure {
                let delay: Duration
                switch failure.kind {
                case .final:
                    throw failure.error
                case .transient:
                    failures += 1
                    guard failures < attempts else { throw failure.error }
                    delay = failure.error.retryAfter ?? Self.backoff(after: failures)
                case .limited:
                    waits += 1
                    guard waits <= limitWaits else { throw failure.error }
                    delay = (failure.error.retryAfter ?? longestWait) * waits
                }
                guard delay <= longestWait else { throw failure.error }
                notice?("\(failure.error.message); trying again in \(Self.text(delay))")
                try await sleep(delay)
            }
        }
    }

    private static func backoff(after failures: Int) -> Duration {
        .milliseconds(Int.random(in: 0...(failures * failures * 1000)))
    }

    private static func text(_ delay: Duration) -> String {
        let milliseconds = delay.components.seconds * 1000 + delay.components.attoseconds / 1_000_000_000_000_000
        return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
    }
}

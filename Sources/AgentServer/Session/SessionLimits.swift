internal import RunnerProtocol

/// The bounds of one connection and of all of them; clients are told the ones that concern them in `limits`.
package struct SessionLimits: Sendable {
    package var lineBytes = WireLimits.lineBytes
    /// Requests that run at once on one connection; beyond, reading pauses.
    package var runningRequests = WireLimits.runningRequestsPerConnection
    package var subscriptions = WireLimits.subscriptionsPerConnection
    package var connections = WireLimits.connections
    /// Of one user; nil leaves it to the runner's configuration.
    package var startsPerMinute: Int?
    /// Unsent answers beyond which no further request is read.
    package var unsentAnswerBytes = 1 << 20
    /// How long a connection may leave an answer unread without taking a single byte.
    package var stalledAnswerTime = Duration.seconds(60)
    /// How long the client may take for one line, from its first byte to its newline.
    package var partialLineTime = Duration.seconds(60)
    /// All answers of one batch together; what comes after is answered `RESPONSE_TOO_LARGE`.
    package var batchAnswerBytes = 4 << 20
    /// Raw log bytes in one notification; also the size of the buffers that are written.
    package var logChunkBytes = 64 << 10
    /// Chunks of one subscription that wait to be sent: two let it encode one while the other is written.
    package var chunksPerSubscription = 2
    /// How long a graceful stop waits for requests in flight.
    package var drainTime = Duration.seconds(10)
    /// How long it waits for clients to read the rest when nothing runs any more.
    package var unreadTime = Duration.seconds(2)

    package init() {}
}

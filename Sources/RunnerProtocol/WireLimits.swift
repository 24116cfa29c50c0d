/// The limits of the wire and their defaults; told to clients in `limits`.
package enum WireLimits {
    /// An inbound line, without its newline.
    package static let lineBytes = 4 << 20
    /// Arrays and objects inside each other.
    package static let nesting = 64
    /// Members of one batch.
    package static let batch = 100
    /// The JSON text of an id.
    package static let idBytes = 4 << 10
    /// Beyond, the connection is not read until one is answered.
    package static let runningRequestsPerConnection = 64
    package static let subscriptionsPerConnection = 32
    package static let connections = 2048
    /// Of one user; beyond, `BUSY`.
    package static let startsPerMinute = 600
    /// An outbound line with log records ends before this, unless its first record alone is longer.
    package static let outboundLineBytes = 1 << 20
    /// Log records in one notification.
    package static let recordsPerNotification = 512
    /// Records in the answer of `runner.logs` when `limit` is absent.
    package static let defaultLogPageRecords = 1000
    /// The greatest `limit` of `runner.logs`.
    package static let logPageRecords = 10_000
    /// The greatest `limit` of `runner.list`.
    package static let listPage = 1000
    package static let idempotencyKeyBytes = 256
    package static let requestedByBytes = 1024
    /// The greatest `timeoutSeconds` of `runner.stop`.
    package static let stopTimeoutSeconds = 3600
    /// The greatest `timeoutSeconds` of `runner.start`: a day.
    package static let startTimeoutSeconds = 86_400
    /// The greatest `ttlSeconds` of `runner.start`: a year.
    package static let ttlSeconds = 31_536_000

    /// Every limit a client can meet, by its name on the wire.
    package static let all: [(name: String, value: Int)] = [
        ("lineBytes", lineBytes),
        ("nesting", nesting),
        ("batch", batch),
        ("idBytes", idBytes),
        ("runningRequestsPerConnection", runningRequestsPerConnection),
        ("subscriptionsPerConnection", subscriptionsPerConnection),
        ("connections", connections),
        ("startsPerMinute", startsPerMinute),
        ("outboundLineBytes", outboundLineBytes),
        ("recordsPerNotification", recordsPerNotification),
        ("logPageRecords", logPageRecords),
        ("listPage", listPage),
    ]
}

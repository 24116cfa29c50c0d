/// Everything a client may say about a start; see `runner.start` of the wire protocol.
package struct StartRequest: Sendable {
    package enum Source: Sendable, Hashable {
        /// A location string and an explicit ref that wins over the one in the location.
        case location(String, ref: String?)
        /// An absolute path of a local directory.
        case directory(String)
    }

    /// What to do with the instance that is live already.
    package enum ExistingPolicy: String, Sendable {
        case replace, reject, reuse
    }

    package var componentRef: String?
    package var entityJSON: [UInt8]?
    package var source: Source?
    package var configPath: String?
    /// YAML or JSON text used instead of the file.
    package var inlineConfig: [UInt8]?
    /// GitHub token for this start alone.
    ///
    /// Never stored, never logged.
    package var token: String?
    package var onExisting = ExistingPolicy.replace
    package var idempotencyKey: String?
    package var environment: [(name: String, value: String)] = []
    package var ports: [String]?
    package var buildSecrets: [String: String] = [:]
    package var timeout: Duration?
    package var ttl: Duration?
    package var requestedBy: String?
    /// Canonical bytes of the params, compared when an idempotency key comes again.
    package var fingerprint: [UInt8] = []
    package var progress: (@Sendable (StartProgress) -> Void)?

    package init() {}
}

/// One step of a start, for progress notifications.
package struct StartProgress: Sendable {
    package enum Kind: String, Sendable {
        case begin, report, end
    }

    package var kind: Kind
    package var phase: StartPhase?
    package var message: String
    package var current: Int64?
    package var total: Int64?
    package var unit: String?
}

/// How long a caller of `awaitStart` waits.
package enum WaitGoal: String, Sendable {
    case running, healthy
}

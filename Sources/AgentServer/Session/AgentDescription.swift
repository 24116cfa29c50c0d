internal import RunnerCore

/// What the agent says about itself.
struct AgentDescription: Sendable {
    var version: String
    /// Where the socket is; nil when there is none.
    var socketPath: String?
    /// The OpenRPC document that `rpc.discover` answers, as JSON text.
    var discoverDocument: [UInt8]
    /// For the uptime, and for people.
    let startedAt = ContinuousClock.now
    let startTime = WallTime.now()

    init(version: String, socketPath: String?, discoverDocument: [UInt8]) {
        self.version = version
        self.socketPath = socketPath
        self.discoverDocument = discoverDocument
    }
}

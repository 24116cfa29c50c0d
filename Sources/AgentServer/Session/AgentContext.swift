internal import Logging
internal import RunnerCore
internal import RunnerProtocol

/// What all sessions of one agent share.
struct AgentContext: Sendable {
    let runner: Runner
    let description: AgentDescription
    let limits: SessionLimits
    let starts: StartRateLimit
    let registry: SessionRegistry
    let ownUID: UInt32
    let log: Logger
    let encodedInstances = EncodedInstances()
    /// Gets every line in and out, when the agent was asked for it.
    let mirror: SessionMirror?
    /// Begins a graceful stop of the agent.
    let stop: @Sendable () -> Void

    /// Stops what a connection with `onDisconnect: "stop"` has started, now that it is gone.
    ///
    /// A task of its own: nobody waits for it, and the connection it belongs to has ended.
    func stopAfterDisconnect(_ instances: Set<InstanceID>) {
        guard !instances.isEmpty else { return }
        Task {
            for id in instances {
                do {
                    _ = try await runner.stop(id, grace: nil)
                } catch {
                    log.warning(
                        "could not stop an instance after its client had gone",
                        metadata: ["runner.id": "\(id)", "error": "\(error)"])
                }
            }
        }
    }
}

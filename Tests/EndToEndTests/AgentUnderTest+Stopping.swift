import RunnerProtocol
import TestSupport

extension AgentUnderTest {
    /// Runs an agent and, after `body`, stops what it has started: a container outlives its agent, and its network with it.
    static func runStopping(
        configuration: String = "", arguments: [String] = [], environment: [String: String?] = [:],
        body: (AgentUnderTest, RPCClient) async throws -> Void
    ) async throws {
        try await run(configuration: configuration, arguments: arguments, environment: environment) { agent in
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await body(agent, agent.client()))
            } catch {
                outcome = .failure(error)
            }
            let client = try agent.client()
            for instance in try await client.call("runner.list")["instances"]?.arrayValue ?? [] {
                guard let id = instance["id"]?.stringValue, instance["stoppedAt"] == nil else { continue }
                _ = try await client.call("runner.stop", #"{"instanceId":"\#(id)","timeoutSeconds":0}"#)
            }
            try outcome.get()
        }
    }
}

import DockerEngine
import HTTPTransport
import Logging
import NIOConcurrencyHelpers
import RunnerConfig

/// Finds the engine when it is first needed and remembers what became of it.
///
/// Nothing is asked at start-up: the agent answers its clients before it knows whether there is an engine.
final class EngineGate: Sendable {
    private struct State {
        var client: EngineClient?
        var problem: String?
    }

    private let http: HTTPClient
    private let configuration: RunnerConfiguration
    private let state = NIOLockedValueBox(State())

    init(http: HTTPClient, configuration: RunnerConfiguration) {
        self.http = http
        self.configuration = configuration
    }

    /// The engine, connected; an error names every address tried.
    func client() async throws -> EngineClient {
        do {
            let client = try await connected()
            state.withLockedValue { $0.problem = nil }
            return client
        } catch {
            note(error)
            throw error
        }
    }

    private func connected() async throws -> EngineClient {
        if let client = state.withLockedValue({ $0.client }) {
            _ = try await client.connect()
            return client
        }
        let candidates = try EngineEndpoint.discover(
            explicit: configuration.engine ?? configuration.agent.engineHost, environment: configuration.environment,
            uid: configuration.userID)
        let client = try await EngineClient.firstReachable(
            candidates, http: http, apiVersionOverride: configuration.environment["DOCKER_API_VERSION"],
            logger: configuration.logger)
        return state.withLockedValue { state in
            // Two first callers may race; the first client stays, so that what it negotiated is shared.
            state.client = state.client ?? client
            return state.client ?? client
        }
    }

    /// Remembers that the engine did not answer.
    func note(_ error: any Error) {
        guard let error = error as? EngineError, error.isUnavailable || error.kind == .unsupported else { return }
        state.withLockedValue { $0.problem = error.message }
    }

    var snapshot: EngineSnapshot {
        let (client, problem) = state.withLockedValue { ($0.client, $0.problem) }
        let info = client?.lastInfo
        return EngineSnapshot(
            name: info?.name, version: info?.version, apiVersion: info?.apiVersion,
            endpoint: client.map { "\($0.endpoint)" }, reachable: info != nil && problem == nil, problem: problem)
    }
}

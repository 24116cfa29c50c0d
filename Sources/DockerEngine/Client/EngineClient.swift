package import HTTPTransport
package import Logging
import NIOConcurrencyHelpers

/// A container engine, reached through the Docker Engine API.
///
/// Every call connects when needed: it pings the engine and agrees on a version once, and again after the connection
/// was lost. Cancelling the calling task ends the call with `CancellationError`. All other errors are `EngineError`,
/// `BuildFailure`, `ImagePullFailure` or `ContainerStartFailure`. Streams hold one connection each, and let go of it when
/// they are dropped.
///
/// The API is described at <https://docs.docker.com/reference/api/engine/>.
package final class EngineClient: Sendable {
    private struct State {
        var current: EngineInfo?
        var last: EngineInfo?
    }

    package let endpoint: EngineEndpoint
    let http: HTTPClient
    let logger: Logger
    /// The version the user fixed with `DOCKER_API_VERSION`; nothing is negotiated then.
    private let apiVersionOverride: String?
    private let state = NIOLockedValueBox(State())

    package init(http: HTTPClient, endpoint: EngineEndpoint, apiVersionOverride: String? = nil, logger: Logger) {
        self.http = http
        self.endpoint = endpoint
        self.apiVersionOverride = apiVersionOverride.flatMap { $0.isEmpty ? nil : $0 }
        self.logger = logger
    }

    /// What the engine said when it was last reached, also while it is away.
    package var lastInfo: EngineInfo? { state.withLockedValue(\.last) }

    /// Reaches the engine and agrees on a version; answers from memory until the connection fails.
    @discardableResult
    package func connect() async throws -> EngineInfo {
        if let info = state.withLockedValue(\.current) { return info }
        return try await reconnect()
    }

    /// Reaches the engine now, whatever is remembered.
    @discardableResult
    package func reconnect() async throws -> EngineInfo {
        let info = try await EngineHandshake(client: self, apiVersionOverride: apiVersionOverride).run()
        let previous = state.withLockedValue { state in
            defer {
                state.current = info
                state.last = info
            }
            return state.last
        }
        if previous != info {
            logger.info(
                "engine reached",
                metadata: [
                    "engine.endpoint": "\(endpoint)", "engine.name": "\(info.name)",
                    "engine.version": "\(info.version)",
                    "engine.api": "\(info.apiVersion)",
                ])
        }
        return info
    }

    /// Makes the next call negotiate again.
    func forgetVersion() {
        state.withLockedValue { $0.current = nil }
    }

    /// The first candidate that answers as an engine; the error names every candidate and why it was left out.
    package static func firstReachable(
        _ candidates: [EngineEndpoint], http: HTTPClient, apiVersionOverride: String? = nil, logger: Logger
    ) async throws -> EngineClient {
        var failures: [(endpoint: EngineEndpoint, error: EngineError)] = []
        for endpoint in candidates {
            let client = EngineClient(
                http: http, endpoint: endpoint, apiVersionOverride: apiVersionOverride, logger: logger)
            do {
                try await client.connect()
                return client
            } catch let error as EngineError {
                failures.append((endpoint, error))
            }
        }
        // One that exists and refuses says more than ten that are not there.
        let telling = failures.filter { $0.error.kind != .unavailable(.absent) }
        guard let first = telling.first ?? failures.first else {
            throw EngineError.unsupported("no engine address to try")
        }
        guard failures.count > 1 else { throw first.error }
        let rest = failures.map(\.endpoint).filter { $0 != first.endpoint }.map(\.description)
        let tried = "also tried \(rest.joined(separator: ", "))"
        throw EngineError(kind: first.error.kind, message: "\(first.error.message) (\(tried))")
    }
}

import Logging
import RunnerConfig
import RunnerCore
import Testing

@testable import AgentServer

/// A running agent with a real runner, without an engine, on a socket of its own.
struct AgentFixture {
    let scratch: ScratchDirectory
    let service: AgentService

    var path: String { scratch.file("run/agent.sock") }

    func connect() throws -> TestClient { try TestClient(path: path) }

    /// The location of a repository whose server takes connections and never answers, so that a start stays in `resolving`.
    let stalledLocation: String
}

func makeRunner(_ scratch: ScratchDirectory, config: String = "") throws -> Runner {
    let agent = try AgentConfig.parse(Array(config.utf8)).config
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let configuration = RunnerConfiguration(
        stateDirectory: scratch.file("state"), cacheDirectory: scratch.file("cache"), agent: agent,
        environment: ["DOCKER_HOST": "unix://" + scratch.file("no-engine.sock"), "HOME": scratch.path], userID: 1_000,
        version: "test", logger: logger)
    return try Runner(configuration, stateDirectory: try StateDirectory(path: scratch.file("state")))
}

/// Runs `body` with an agent and ends the agent in order.
func withAgent(
    limits: SessionLimits = SessionLimits(), stdio: StandardStreams? = nil, socket: Bool = true,
    _ body: (AgentFixture) async throws -> Void
) async throws {
    let scratch = try ScratchDirectory()
    let stalled = try StalledServer()
    let config = """
        github:
          - host: "127.0.0.1:\(stalled.port)"
            apiBaseUrl: "http://127.0.0.1:\(stalled.port)"
            allowHttp: true
        """
    let runner = try makeRunner(scratch, config: config)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    var options = AgentServiceOptions(
        version: "1.2.3", discoverDocument: Array(#"{"openrpc":"1.3.2"}"#.utf8), logger: logger)
    options.socketPath = socket ? scratch.file("run/agent.sock") : nil
    options.limits = limits
    options.stdio = stdio
    let listening = StopSignal()
    options.onListening = { _ in listening.fire() }
    let service = AgentService(runner: runner, options: options)
    let fixture = AgentFixture(
        scratch: scratch, service: service, stalledLocation: "url:http://127.0.0.1:\(stalled.port)/o/r/tree/main/")
    let running = Task { try await service.run() }
    if socket { await listening.wait() }
    do {
        try await body(fixture)
    } catch {
        service.beginGracefulShutdown()
        try await running.value
        throw error
    }
    service.beginGracefulShutdown()
    try await running.value
    withExtendedLifetime(stalled) {}
}

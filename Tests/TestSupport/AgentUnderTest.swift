import Subprocess
import SystemPackage

/// A `runner-agent serve` of its own: the built binary with a socket, a state directory and a cache that nobody else has.
package struct AgentUnderTest: Sendable {
    package let process: ChildProcess
    /// Short enough for a unix socket.
    package let directory: String
    package let socketPath: String
    package let stateDirectory: String
    package let cacheDirectory: String

    /// The binary itself, for commands such as `runner-agent list --socket SOCKET`.
    package static var binary: String { BuiltProducts.runnerAgent }

    /// Starts an agent with `configuration` (YAML), waits until it listens, runs `body`, and ends it with SIGTERM.
    ///
    /// A `directory` given by the test stays, so that a second agent can be started on the same state.
    @discardableResult
    package static func run<Value>(
        configuration: String = "", arguments: [String] = [], environment: [String: String?] = [:],
        directory: String? = nil, body: (AgentUnderTest) async throws -> Value
    ) async throws -> Value {
        guard let directory else {
            return try await withTemporaryDirectory {
                try await run(
                    configuration: configuration, arguments: arguments, environment: environment, directory: $0,
                    body: body)
            }
        }
        let places = Places(directory: directory)
        try writeTextFile(configuration, to: places.configuration)
        return try await ChildProcess.run(
            binary, ["serve"] + places.arguments + arguments, environment: environment
        ) { process in
            let agent = AgentUnderTest(
                process: process, directory: directory, socketPath: places.socket, stateDirectory: places.state,
                cacheDirectory: places.cache)
            try await agent.waitUntilListening()
            return try await body(agent)
        }
    }

    /// Runs `runner-agent stdio` instead, which speaks the protocol on the streams of the process given to `body`.
    @discardableResult
    package static func runStdio<Value>(
        configuration: String = "", arguments: [String] = [], environment: [String: String?] = [:],
        directory: String, body: (ChildProcess) async throws -> Value
    ) async throws -> Value {
        let places = Places(directory: directory)
        try writeTextFile(configuration, to: places.configuration)
        return try await ChildProcess.run(
            binary, ["stdio"] + places.arguments + arguments, environment: environment, recorder: LineRecorder(),
            body: body)
    }

    /// A new connection to the agent's socket.
    package func connect(reads: Bool = true) throws -> LineConnection {
        try LineConnection(to: socketPath, reads: reads)
    }

    /// Runs a client command of the binary against this agent, for example `["list", "--json"]`.
    package func command(
        _ arguments: [String]
    ) async throws -> (ending: ChildProcess.Ending, output: String, errorOutput: String) {
        try await ChildProcess.run(Self.binary, arguments + ["--socket", socketPath]) { process in
            try await process.closeInput()
            async let output = process.output.rest()
            async let errorOutput = process.errorOutput.rest()
            let text = try await (output.joined(separator: "\n"), errorOutput.joined(separator: "\n"))
            return (try await process.ending(), text.0, text.1)
        }
    }

    private func waitUntilListening() async throws {
        let line = try await process.errorOutput.first { $0.contains("listening on") }
        guard line != nil else {
            throw AgentDidNotStart(ending: try await process.ending())
        }
    }

    private struct Places {
        let socket, state, cache, configuration: String

        init(directory: String) {
            socket = "\(directory)/run/agent.sock"
            state = "\(directory)/state"
            cache = "\(directory)/cache"
            configuration = "\(directory)/config.yml"
        }

        var arguments: [String] {
            ["--socket", socket, "--state-dir", state, "--cache-dir", cache, "--config", configuration]
        }
    }
}

/// The agent ended before it listened.
package struct AgentDidNotStart: Error {
    package let ending: ChildProcess.Ending
}

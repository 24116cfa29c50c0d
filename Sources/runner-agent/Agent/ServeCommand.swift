import AgentServer
import ArgumentParser
import RunnerCore

/// `serve`: is the agent, on its socket.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Be the agent, in the foreground.",
        discussion: """
            Nothing is printed on stdout. The first line on stderr once it is ready names the socket: "... listening on PATH". What \
            runs is kept when the agent stops, and adopted by the next one. The first SIGTERM or SIGINT stops it in order, the \
            second at once.

            Exit status: 0 after a stop in order; 1 when the socket or the state directory cannot be used; 2 when the arguments or \
            the configuration are wrong; 3 when another agent holds the state directory or the socket.
            """)

    @OptionGroup var options: AgentOptions

    func run() async throws {
        let composition = try AgentComposition(options)
        do {
            _ = try await composition.serve(try composition.takeState())
        } catch {
            throw CommandError(agent: error)
        }
    }
}

extension CommandError {
    /// Why an agent could not be one.
    init(agent error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as SocketError: self.init(error)
        case StateDirectory.OpenError.held(let processID):
            let holder = processID.map { "process \($0)" } ?? "another process"
            self.init(
                .alreadyRunning,
                "An agent is running already: \(holder) holds the state directory. Use that one, or give this one its own "
                    + "--state-dir and --socket.")
        case StateDirectory.OpenError.unusable(let failure), let failure as Failure:
            self.init(.failure, failure.message + (failure.hint.map { " (\($0))" } ?? ""))
        default: self.init(.failure, "\(error)")
        }
    }
}

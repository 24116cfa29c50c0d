import ArgumentParser
import Glibc

/// The command: parses the arguments, runs what they name, and turns every way to fail into an exit status.
@main
struct RunnerAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runner-agent",
        abstract: "Runs software components from their repositories on a container engine.",
        discussion: """
            `serve` is the agent, in a terminal of its own or as a service; `stdio` is the agent for a program that starts it as \
            a child. The other commands ask the agent that answers at the socket.

            The socket, unless --socket or RUNNER_AGENT_SOCKET names one: /run/runner-agent/agent.sock for root, otherwise \
            runner-agent/agent.sock below $XDG_RUNTIME_DIR or /run/user/UID, otherwise runner-agent-UID/agent.sock below the \
            temporary directory.

            Exit status: \(ExitStatus.explained)
            """,
        version: "runner-agent \(version)",
        groupedSubcommands: [
            CommandGroup(
                name: "Agent", subcommands: [ServeCommand.self, StdioCommand.self, InstallServiceCommand.self]),
            CommandGroup(
                name: "Components",
                subcommands: [StartCommand.self, StopCommand.self, ListCommand.self, LogsCommand.self]),
            CommandGroup(name: "More", subcommands: [CallCommand.self, VersionCommand.self]),
        ])

    static let version = "0.1.0"

    /// Isolated to the main actor because the client commands block: the main thread is theirs, Swift's pool is not.
    @MainActor
    static func main() async {
        // A peer or pipe that is gone is an error of the write to it, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
    }

    private static func leave(with error: any Error) -> Never {
        switch error {
        case let error as CommandError:
            try? Console.standardError.write(line: "runner-agent: \(error.message)")  // Nobody is left to tell.
            Glibc.exit(error.status.rawValue)
        case is ClosedOutput:
            // Whoever read the output has had enough, as in `runner-agent list | head -n 1`.
            Glibc.exit(ExitStatus.success.rawValue)
        default:
            let status =
                exitCode(for: error) == .validationFailure ? ExitStatus.usage.rawValue : exitCode(for: error).rawValue
            let text = fullMessage(for: error)
            if !text.isEmpty {
                // Help that was asked for is output; why the arguments were refused is not.
                try? (status == 0 ? Console.standardOutput : .standardError).write(line: text)  // As above.
            }
            Glibc.exit(status)
        }
    }
}

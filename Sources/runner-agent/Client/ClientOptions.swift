import AgentServer
import ArgumentParser

/// What every command that asks an agent takes.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The agent's socket. [RUNNER_AGENT_SOCKET]", valueName: "path"))
    var socket: String?

    @Flag(help: "Print JSON for scripts: the result on stdout, an error as a JSON-RPC error object on stderr.")
    var json = false

    @Flag(help: "Do not strip control characters from what components and repositories wrote.")
    var raw = false

    var socketPath: String {
        SocketPath.resolve(explicit: socket, environment: ProcessEnvironment.variables)
    }

    /// The text as it may be shown, on one line.
    func shown(_ text: String) -> String { raw ? text : PrintableText.line(text) }
}

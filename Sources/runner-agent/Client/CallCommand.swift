import AgentServer
import ArgumentParser
import Glibc
import RunnerProtocol

/// `call`: one request as it is.
struct CallCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Call a method of the protocol.",
        discussion: """
            Prints the result as JSON on one line. An error is printed as a JSON-RPC error object on stderr, with exit status 1. \
            `runner-agent call rpc.discover` describes every method.

            Example: runner-agent call runner.list '{"status": ["running"]}'
            """)

    @OptionGroup var client: ClientOptions

    @Argument(help: ArgumentHelp("The method, as in runner.get.", valueName: "method"))
    var method: String

    @Argument(help: ArgumentHelp("Its params, an object or an array; - reads them from stdin.", valueName: "json"))
    var params: String?

    func run(_ agent: AgentClient) throws {
        try printJSON(try agent.call(method, try parsedParams()))
    }

    /// The result is JSON, so the error is.
    var printsJSON: Bool { true }

    private func parsedParams() throws -> JSONValue? {
        guard let params else { return nil }
        do {
            return try JSONReader.parse(params == "-" ? try readInput() : Array(params.utf8))
        } catch let error as JSONSyntaxError {
            throw CommandError(.usage, "The params are no JSON: \(error.reason) at byte \(error.offset).")
        }
    }

    private func readInput() throws -> [UInt8] {
        try InputFile.read(descriptor: STDIN_FILENO, name: "stdin", limitBytes: WireLimits.lineBytes)
    }
}

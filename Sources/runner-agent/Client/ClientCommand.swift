import AgentServer
import ArgumentParser
import RunnerProtocol

/// A command that asks an agent.
protocol ClientCommand: ParsableCommand {
    var client: ClientOptions { get }

    /// Whether its output is for scripts.
    var printsJSON: Bool { get }

    func run(_ agent: AgentClient) throws
}

extension ClientCommand {
    var printsJSON: Bool { client.json }

    func run() throws {
        do {
            try run(try AgentClient(path: client.socketPath))
        } catch let error as SocketError {
            throw CommandError(error)
        } catch let error as ResponseError {
            if printsJSON {
                var writer = JSONWriter()
                error.write(to: &writer)
                writer.newline()
                try Console.standardError.write(writer.bytes)
            } else {
                try Console.standardError.write(FailureReport(error).text(client))
            }
            throw ExitCode(ExitStatus.failure.rawValue)
        }
    }

    /// Prints the result of a call as it is.
    func printJSON(_ value: JSONValue) throws(ClosedOutput) {
        try Console.standardOutput.write(line: value.line)
    }
}

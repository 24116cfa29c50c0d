import ArgumentParser
import RunnerProtocol

/// `version`: this program and the protocol it speaks; needs no agent.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of this program and of its protocol.",
        discussion: "`runner-agent call agent.info` tells those of the agent that runs.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let version: JSONValue = [
            "name": "runner-agent", "version": .string(RunnerAgent.version),
            "protocolVersion": .int(InitializeResult.protocolVersion),
        ]
        let text = "runner-agent \(RunnerAgent.version), protocol \(InitializeResult.protocolVersion)"
        try Console.standardOutput.write(line: json ? version.line : text)
    }
}

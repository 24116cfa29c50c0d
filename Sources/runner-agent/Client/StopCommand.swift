import AgentServer
import ArgumentParser
import RunnerProtocol

/// `stop`: ends an instance, or gives up its start.
struct StopCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop an instance, or give up its start.",
        discussion: "Returns when it has stopped. Stopping what has stopped already is a success.")

    @OptionGroup var client: ClientOptions

    @Argument(
        help: ArgumentHelp("An instance by its id, the beginning of it, or its component.", valueName: "id|component"))
    var instance: String

    @Option(
        help: ArgumentHelp(
            "How long the component may take before it is killed. Default: its configuration.", valueName: "seconds"))
    var timeout: Int?

    func run(_ agent: AgentClient) throws {
        let found = try InstanceList(agent).instance(named: instance)
        var params: JSONObject = ["instanceId": .string(found.id)]
        params.append("timeoutSeconds", ifPresent: timeout.map { .int($0) })
        let answer = try agent.call("runner.stop", .object(params))
        if client.json { return try printJSON(answer) }
        let stopped = InstanceSummary(answer)
        let how = found.isLive ? "has stopped" : "had stopped already"
        try Console.standardOutput.write(
            line: client.shown("\(stopped.componentRef) \(how) (\(stopped.shortID), \(stopped.detailedStatus))"))
    }
}

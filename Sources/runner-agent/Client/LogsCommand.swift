import AgentServer
import ArgumentParser
import RunnerProtocol

/// `logs`: what an instance has written.
struct LogsCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show or follow the log of an instance.",
        discussion: """
            What the component wrote to stdout goes to stdout, what it wrote to stderr to stderr; what the agent has to say about it \
            goes to stderr, marked with "agent:". Of an instance that has a container its run is shown, of any other how its source \
            was fetched and built; --all shows everything and --phase what it names.

            With --json each record is a line on stdout as the agent sent it; its `seq` is what --after takes.
            """)

    enum Phase: String, ExpressibleByArgument, CaseIterable {
        case fetch, build, run, health, lifecycle
    }

    @OptionGroup var client: ClientOptions

    @Argument(
        help: ArgumentHelp("An instance by its id, the beginning of it, or its component.", valueName: "id|component"))
    var instance: String

    @Flag(name: .shortAndLong, help: "Go on with what is written from now on, until the instance ends.")
    var follow = false

    @Option(help: ArgumentHelp("Only the last records.", valueName: "count"))
    var tail: Int?

    @Option(help: ArgumentHelp("Only records after this sequence number.", valueName: "seq"))
    var after: Int?

    @Option(
        name: .customLong("phase"), parsing: .singleValue,
        help: ArgumentHelp(
            "Only records of this phase: fetch, build, run, health or lifecycle. Repeatable.", valueName: "phase"))
    var phases: [Phase] = []

    @Flag(name: .shortAndLong, help: "Records of every phase.")
    var all = false

    func validate() throws {
        if all, !phases.isEmpty { throw ValidationError("--all and --phase exclude each other.") }
    }

    func run(_ agent: AgentClient) throws {
        let found = try InstanceList(agent).instance(named: instance)
        var params: JSONObject = ["instanceId": .string(found.id)]
        params.append("tail", ifPresent: tail.map { .int($0) })
        params.append("after", ifPresent: after.map { .int($0) })
        if let phases = shownPhases(of: found) {
            params.append("phases", .array(phases.map { .string($0.rawValue) }))
        }
        let printer = LogPrinter(options: client)
        guard follow else { return try printer.printPages(params, agent) }
        try printer.follow(params, agent)
    }

    private func shownPhases(of instance: InstanceSummary) -> [Phase]? {
        if !phases.isEmpty { return phases }
        return all || !instance.hasContainer ? nil : [.run, .health, .lifecycle]
    }
}

import AgentServer
import ArgumentParser
import RunnerProtocol

/// `list`: the instances as a table.
struct ListCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what runs and what has ended.",
        discussion: """
            Newest first: what is live, and the \(endedShown) that ended last. AGE is how long an instance has been live, or how long \
            ago it ended. With --json one object with every instance.
            """)

    private static let endedShown = 10

    @OptionGroup var client: ClientOptions

    @Flag(name: .shortAndLong, help: "Every instance that is kept.")
    var all = false

    func run(_ agent: AgentClient) throws {
        let list = try InstanceList(agent)
        if client.json { return try printJSON(["instances": .array(list.instances)]) }
        let instances = list.instances.map { InstanceSummary($0) }
        let hidden = all ? [] : Set(instances.filter { !$0.isLive }.dropFirst(Self.endedShown).map(\.id))
        var rows = [["ID", "COMPONENT", "STATUS", "HEALTH", "URL", "AGE"]]
        for instance in instances where !hidden.contains(instance.id) {
            rows.append([
                instance.shortID, instance.componentRef, instance.detailedStatus,
                instance.isLive && instance.health != "none" ? instance.health : "-",
                instance.isLive && !instance.urls.isEmpty ? instance.urls.joined(separator: " ") : "-", instance.age,
            ])
        }
        let table = TextTable(rows: rows.map { $0.map(client.shown) })
        try Console.standardOutput.write(table.text)
        if !hidden.isEmpty {
            try Console.standardError.write(line: "\(hidden.count) more have ended: --all shows them.")
        }
    }
}

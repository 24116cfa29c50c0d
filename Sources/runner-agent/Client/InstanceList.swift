import AgentServer
import RunnerProtocol

/// Every instance the agent knows, newest first.
struct InstanceList {
    /// As the agent sent them.
    let instances: [JSONValue]

    init(_ agent: AgentClient) throws {
        var instances: [JSONValue] = []
        var cursor: String?
        repeat {
            var params: JSONObject = [:]
            params.append("cursor", ifPresent: cursor.map(JSONValue.string))
            let page = try agent.call("runner.list", .object(params))
            instances += page["instances"]?.arrayValue ?? []
            cursor = page["nextCursor"]?.stringValue
        } while cursor != nil
        self.instances = instances
    }

    init(instances: [JSONValue]) {
        self.instances = instances
    }

    /// The instance that `text` names: an id, a component, or the beginning of an id, in this order.
    ///
    /// A component stands for its newest live instance, or its newest. It may be given as `web`, `default/web` or
    /// `component:default/web`, in any case.
    func instance(named text: String) throws(CommandError) -> InstanceSummary {
        let all = instances.map { InstanceSummary($0) }
        let wanted = text.lowercased()
        if let exact = all.first(where: { $0.id == wanted }) { return exact }
        let ofComponent = all.filter { Self.names(of: $0.componentRef).contains(wanted) }
        if let newest = ofComponent.first(where: \.isLive) ?? ofComponent.first { return newest }
        let beginning = wanted.isEmpty ? [] : all.filter { $0.id.hasPrefix(wanted) }
        switch beginning.count {
        case 1: return beginning[0]
        case 0:
            throw CommandError(
                .failure,
                "There is no instance or component \(PrintableText.line(text)); `runner-agent list --all` shows what there is."
            )
        default:
            throw CommandError(
                .failure, "\(PrintableText.line(text)) is the beginning of \(beginning.count) ids: give more of it.")
        }
    }

    /// `component:default/web` is also `default/web` and `web`.
    private static func names(of reference: String) -> [String] {
        let reference = reference.lowercased()
        var names = [reference]
        for prefix in ["component:", "component:default/"] where reference.hasPrefix(prefix) {
            names.append(String(reference.dropFirst(prefix.count)))
        }
        return names
    }
}

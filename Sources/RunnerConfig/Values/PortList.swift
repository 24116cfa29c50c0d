/// The ports of a component: not empty, not too many, and no host port twice.
enum PortList {
    static let limit = 32

    static func read(_ field: ConfigField) -> [PortSpec]? {
        guard case .sequence(let nodes) = field.node.content else {
            field.fail("must be a list of ports, as in [3000], not \(field.node.kindName)")
            return nil
        }
        guard !nodes.isEmpty else {
            field.fail("must not be empty: at least one port, as in [3000]")
            return nil
        }
        var ports: [PortSpec] = []
        for item in field.items(limit: limit) ?? [] {
            let expected = "a port such as 3000 or \"8080:3000\""
            for port in item.textOrNumber(expected, PortSpec.read) ?? [] {
                if let problem = conflict(of: port, with: ports) { item.fail(problem) }
                ports.append(port)
            }
        }
        if ports.count > limit { field.fail("has \(ports.count) ports; at most \(limit) are accepted") }
        return ports
    }

    /// Checks a list that comes from elsewhere than a text.
    ///
    /// Positions are items of the list, from 0.
    static func parse(_ texts: [String]) throws(ConfigError) -> [PortSpec] {
        let report = ConfigReport()
        let nodes = texts.map { text in
            YAMLNode(content: .scalar(YAMLScalar(text: text, value: .string(text))), mark: .start, size: 1, height: 0)
        }
        let list = YAMLNode(content: .sequence(nodes), mark: .start, size: nodes.count + 1, height: 1)
        let ports = read(ConfigField(node: list, path: ConfigPath().appending(key: "ports"), report: report))
        try report.check()
        return ports ?? []
    }

    private static func conflict(of port: PortSpec, with others: [PortSpec]) -> String? {
        if let fixed = port.fixedHostPort {
            guard others.contains(where: { $0.fixedHostPort == fixed }) else { return nil }
            return "the host port \(fixed) is already used above"
        }
        return others.contains(port) ? "\(quoted(port.description)) is already given above" : nil
    }
}

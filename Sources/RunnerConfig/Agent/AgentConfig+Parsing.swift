extension AgentConfig {
    private static let keys = [
        "github", "catalog", "components", "engine", "bindAddress", "publicHost", "maxInstances", "buildSecrets",
        "allow",
        "limits",
    ]
    private static let componentLimit = 1000
    private static let secretLimit = 256

    /// Reads the text of the agent's configuration, at most 64 KiB; an empty one is ``empty``.
    ///
    /// Unknown keys are warnings. Throws every error at once; no message holds a token.
    package static func parse(
        _ text: [UInt8]
    ) throws(ConfigError) -> (config: AgentConfig, warnings: [ConfigDiagnostic]) {
        let report = ConfigReport()
        let root = YAMLComposer.compose(text, report: report)
        try report.checkSyntax(of: root)
        var config = AgentConfig()
        if let root, !root.isNull, let top = ConfigField(node: root, path: ConfigPath(), report: report).mapping(keys) {
            config.read(top)
        }
        try report.check()
        return (config, report.warnings)
    }

    private mutating func read(_ top: ConfigMapping) {
        if let field = top["github"] { github = GitHubHostConfig.readList(field) }
        catalog = top["catalog"].flatMap(CatalogConfig.read)
        if let field = top["components"] { readComponents(field) }
        if let engine = top["engine"]?.mapping(["host", "builder"]) {
            engineHost = engine["host"]?.text("the URL of an engine", Self.parseEngine)
            builder = engine["builder"]?.text("a builder", Self.parseBuilder)
        }
        bindAddress = top["bindAddress"]?.text("an address such as 127.0.0.1", Self.parseAddress)
        publicHost = top["publicHost"]?.text("a host name or an address", Self.parsePublicHost)
        if let value = top["maxInstances"]?.integer(in: 1...64) { maxInstances = value }
        if let field = top["buildSecrets"] { readBuildSecrets(field) }
        if let allow = top["allow"]?.mapping(["capAdd"]), let field = allow["capAdd"] {
            allowCapAdd = CapabilityName.list(field) ?? []
        }
        if let value = top["limits"].flatMap(LimitsConfig.read) { limits = value }
    }

    private mutating func readComponents(_ field: ConfigField) {
        for (key, value) in field.entries(limit: Self.componentLimit) ?? [] {
            let source = ComponentSource.read(value)
            let name = key.accepted(by: Self.checkReference)
            guard let name, let source else { continue }
            if components.updateValue(source, forKey: name.lowercased()) != nil {
                key.fail("\(quoted(name)) is already given above; case makes no difference")
            }
        }
    }

    private mutating func readBuildSecrets(_ field: ConfigField) {
        for (key, value) in field.entries(limit: Self.secretLimit) ?? [] {
            let id = key.accepted(by: BuildNames.checkSecret)
            guard let source = BuildSecretSource.read(value), let id else { continue }
            buildSecrets[id] = source
        }
    }

    /// `kind:namespace/name`; what each part may hold is judged by whoever reads references.
    private static func checkReference(_ text: String) throws(ConfigValueError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let names = parts.last?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        guard parts.count == 2, names.count == 2, !(parts + names).contains(where: \.isEmpty) else {
            throw ConfigValueError("\(quoted(text)) is not an entity reference; accepted: kind:namespace/name")
        }
    }

    private static func parseEngine(_ text: String) throws(ConfigValueError) -> String {
        guard ["unix:///", "tcp://", "http://"].contains(where: text.hasPrefix),
            !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
        else {
            throw ConfigValueError(
                "is not the URL of an engine; accepted: unix:///path, tcp://host:port")
        }
        return text
    }

    private static func parseBuilder(_ text: String) throws(ConfigValueError) -> String {
        guard ["classic", "buildkit"].contains(text) else {
            throw ConfigValueError("\(quoted(text)) is not a builder; accepted: classic, buildkit")
        }
        return text
    }

    /// Why `text`, given outside of the file, cannot be `bindAddress`; nil when it can.
    package static func problem(ofBindAddress text: String) -> String? {
        problem { () throws(ConfigValueError) in try parseAddress(text) }
    }

    /// Why `text`, given outside of the file, cannot be `publicHost`; nil when it can.
    package static func problem(ofPublicHost text: String) -> String? {
        problem { () throws(ConfigValueError) in try parsePublicHost(text) }
    }

    private static func problem(_ parse: () throws(ConfigValueError) -> String) -> String? {
        do {
            _ = try parse()
            return nil
        } catch {
            return error.message
        }
    }

    private static func parseAddress(_ text: String) throws(ConfigValueError) -> String {
        guard IPAddress.isVersion4(text) || IPAddress.isVersion6(text) else {
            throw ConfigValueError(
                "\(quoted(text)) is not a numeric address; accepted: as in 127.0.0.1, 0.0.0.0 or ::1")
        }
        return text
    }

    private static func parsePublicHost(_ text: String) throws(ConfigValueError) -> String {
        guard HostName.isName(text) || IPAddress.isVersion6(text) else {
            throw ConfigValueError("\(quoted(text)) is not a host name or address, without a port")
        }
        return text
    }
}

extension ComponentConfig {
    private static let keys = [
        "type", "dockerfile", "ports", "environment", "healthCheck", "build", "stop", "resources", "security",
    ]

    /// Reads the text of a component's configuration, YAML or JSON, at most 64 KiB.
    ///
    /// Unknown keys and values that change when they become text are warnings. Throws every error at once.
    package static func parse(
        _ text: [UInt8]
    ) throws(ConfigError) -> (config: ComponentConfig, warnings: [ConfigDiagnostic]) {
        let report = ConfigReport()
        let root = YAMLComposer.compose(text, report: report)
        try report.checkSyntax(of: root)
        let config = root.flatMap { runner(in: $0, report: report) }.map(read)
        if root == nil { report.error(.start, path: "runner", missingRunner) }
        try report.check()
        return (config ?? ComponentConfig(ports: []), report.warnings)
    }

    /// This configuration with what one start asks for: variables replace those of the same name, ports replace all.
    package func overriding(
        environment overrides: [EnvironmentEntry] = [], ports texts: [String]? = nil
    ) throws(ConfigError) -> ComponentConfig {
        var config = self
        if let texts { config.ports = try PortList.parse(texts) }
        let report = ConfigReport()
        for entry in overrides {
            let path = ConfigPath().appending(key: "environment").appending(key: entry.name)
            let key = ConfigKey(text: entry.name, mark: .start, path: path, report: report)
            _ = key.accepted(by: EnvironmentMap.checkVariable)
            if entry.value.utf8.contains(0) { key.fail("a NUL character is not accepted") }
            if entry.value.utf8.count > EnvironmentMap.valueLimit {
                key.fail("has \(entry.value.utf8.count) bytes; at most \(EnvironmentMap.valueLimit) are accepted")
            }
            if let index = config.environment.firstIndex(where: { $0.name == entry.name }) {
                config.environment[index] = entry
            } else {
                config.environment.append(entry)
            }
        }
        if config.environment.count > EnvironmentMap.limit {
            let count = config.environment.count
            report.error(
                .start, path: "environment", "has \(count) entries; at most \(EnvironmentMap.limit) are accepted")
        }
        try report.check()
        return config
    }

    private static let missingRunner = "no `runner` key: the configuration must stand under a top-level key `runner`"

    private static func runner(in root: YAMLNode, report: ConfigReport) -> ConfigMapping? {
        let top = ConfigField(node: root, path: ConfigPath(), report: report)
        guard !root.isNull else {
            top.fail(missingRunner)
            return nil
        }
        guard case .mapping(let entries) = root.content else {
            top.fail("\(missingRunner), and the text is \(root.kindName)")
            return nil
        }
        if !entries.contains(where: { $0.key == "runner" }), let stray = entries.first(where: { keys.contains($0.key) })
        {
            report.error(stray.keyMark, path: "runner", "\(missingRunner); \(quoted(stray.key)) stands outside of it")
            return nil
        }
        guard let field = top.mapping(["runner"])?.required("runner", missingRunner) else { return nil }
        return field.mapping(keys)
    }

    private static func read(_ runner: ConfigMapping) -> ComponentConfig {
        var config = ComponentConfig(ports: [])
        _ = runner.required("type", "type: docker")?.text("docker") { text throws(ConfigValueError) in
            if text != "docker" { throw ConfigValueError("\(quoted(text)) is not a type; the only one is docker") }
        }
        if let path = runner["dockerfile"]?.text("a path", RepositoryPath.parse) { config.dockerfile = path }
        if let ports = runner.required("ports", "at least one port, as in ports: [3000]").flatMap(PortList.read) {
            config.ports = ports
        }
        if let field = runner["environment"] {
            config.environment = EnvironmentMap.read(field, name: EnvironmentMap.checkVariable) ?? []
        }
        config.healthCheck = runner["healthCheck"].flatMap(HealthCheck.read)
        if let build = runner["build"].flatMap(BuildSettings.read) { config.build = build }
        if let stop = runner["stop"].flatMap(StopSettings.read) { config.stop = stop }
        if let resources = runner["resources"].flatMap(ResourceSettings.read) { config.resources = resources }
        if let security = runner["security"].flatMap(SecuritySettings.read) { config.security = security }
        return config
    }
}

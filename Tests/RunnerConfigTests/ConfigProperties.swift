import RunnerConfig

/// What must hold of any text that claims to be a configuration, read as each kind of file there is.
enum ConfigProperties {
    static func violation(of text: [UInt8]) -> String? {
        let lines = 2 + text.count
        for read in [component, agent, hosts] {
            let found = read(text)
            guard found == read(text) else { return "the same text gives the same outcome" }
            for diagnostic in found {
                guard (0...lines).contains(diagnostic.line), (0...lines).contains(diagnostic.column) else {
                    return "a diagnostic lies in the text: \(diagnostic)"
                }
                guard !diagnostic.message.isEmpty else { return "a diagnostic says something" }
                guard !diagnostic.message.utf8.contains(where: { $0 < 0x20 }) else { return "a diagnostic is one line" }
            }
        }
        return nil
    }
}

private func component(_ text: [UInt8]) -> [ConfigDiagnostic] {
    outcome { () throws(ConfigError) in try ComponentConfig.parse(text).warnings }
}

private func agent(_ text: [UInt8]) -> [ConfigDiagnostic] {
    outcome { () throws(ConfigError) in try AgentConfig.parse(text).warnings }
}

private func hosts(_ text: [UInt8]) -> [ConfigDiagnostic] {
    outcome { () throws(ConfigError) in
        _ = try GitHubCLIHosts.parse(text)
        return []
    }
}

private func outcome(_ parse: () throws(ConfigError) -> [ConfigDiagnostic]) -> [ConfigDiagnostic] {
    do { return try parse() } catch { return error.diagnostics }
}

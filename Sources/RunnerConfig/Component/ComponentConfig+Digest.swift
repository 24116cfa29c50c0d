extension ComponentConfig {
    /// A text that is equal for two configurations exactly when they run the same: one `key=value` a line, sorted.
    ///
    /// Left out are `build.timeout`, which changes no outcome, and the order of keys. Meant to be hashed.
    package var digestText: String {
        var lines = buildLines
        for (index, port) in ports.enumerated() {
            lines.append(("ports[\(index)]", "\(port.containerPort) \(port.fixedHostPort.map(String.init) ?? "auto")"))
        }
        lines += Self.lines("environment", environment)
        if let check = healthCheck {
            lines.append(("healthCheck.path", canonicallyQuoted(check.path)))
            lines.append(("healthCheck.interval", DurationText.text(check.interval)))
            lines.append(("healthCheck.timeout", DurationText.text(check.timeout)))
            lines.append(("healthCheck.retries", String(check.retries)))
            lines.append(("healthCheck.startPeriod", DurationText.text(check.startPeriod)))
            let statuses = check.expectStatus.map { "\($0.lowerBound)-\($0.upperBound)" }
            lines.append(("healthCheck.expectStatus", statuses.joined(separator: ",")))
        }
        lines.append(("stop.signal", canonicallyQuoted(stop.signal)))
        lines.append(("stop.grace", DurationText.text(stop.grace)))
        lines.append(("resources.memory", String(resources.memoryBytes)))
        lines.append(("resources.cpus", resources.cpus.map(\.description) ?? "none"))
        lines.append(("resources.pids", String(resources.pids)))
        lines.append(("security.capAdd", security.capAdd.sorted().joined(separator: ",")))
        lines.append(("security.readOnlyRoot", String(security.readOnlyRoot)))
        return Self.text(lines)
    }

    /// The part of ``digestText`` that decides what image a source becomes.
    package var buildDigestText: String {
        Self.text(buildLines)
    }

    private var buildLines: [(String, String)] {
        var lines = [
            ("type", type.rawValue),
            ("dockerfile", canonicallyQuoted(dockerfile)),
            ("build.context", canonicallyQuoted(build.context)),
            ("build.target", build.target.map(canonicallyQuoted) ?? "none"),
            ("build.secrets", build.secrets.sorted().joined(separator: ",")),
            ("build.platform", build.platform.map(canonicallyQuoted) ?? "none"),
            ("build.noCache", String(build.noCache)),
            ("build.pull", String(build.pull)),
            ("build.memory", build.memoryBytes.map { String($0) } ?? "none"),
        ]
        lines += Self.lines("build.args", build.args)
        lines += Self.lines("build.labels", build.labels)
        return lines
    }

    private static func lines(_ key: String, _ entries: [EnvironmentEntry]) -> [(String, String)] {
        entries.map { ("\(key)[\(canonicallyQuoted($0.name))]", canonicallyQuoted($0.value)) }
    }

    private static func text(_ lines: [(String, String)]) -> String {
        lines.map { "\($0)=\($1)\n" }.sorted().joined()
    }
}

import AgentServer
import ArgumentParser
import Glibc
import RunnerProtocol

/// `start`: builds and runs a component and shows how that goes.
struct StartCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Build and run a component.",
        discussion: """
            The source is a repository (--location), a directory of the agent's machine (--path), what a catalog entity says \
            (--entity), or what the agent's configuration says about the component.

            The phases are shown on stderr as they pass, the result is printed on stdout. When the build fails, the end of its \
            output is shown. With --json nothing is shown but the instance, or the error, at the end.

            Ctrl-C ends this command and not the start, which goes on in the agent; `runner-agent stop` ends that.
            """)

    enum Wait: String, ExpressibleByArgument, CaseIterable {
        case accepted, running, healthy
    }

    enum OnExisting: String, ExpressibleByArgument, CaseIterable {
        case replace, reject, reuse
    }

    @OptionGroup var client: ClientOptions

    @Argument(
        help: ArgumentHelp(
            "The component, as in web or component:default/web. Default: named after its source.",
            valueName: "component"))
    var component: String?

    @Option(
        help: ArgumentHelp(
            "Its repository, as in url:https://github.com/OWNER/REPO/tree/main/DIRECTORY/.", valueName: "url"))
    var location: String?

    @Option(help: ArgumentHelp("The branch, tag or commit, instead of the location's.", valueName: "ref"))
    var ref: String?

    @Option(help: ArgumentHelp("Its directory.", valueName: "directory"))
    var path: String?

    @Option(help: ArgumentHelp("A file with its catalog entity, as JSON; - is stdin.", valueName: "file"))
    var entity: String?

    @Option(help: ArgumentHelp("Its configuration in the source. Default: .runner/config.yml.", valueName: "path"))
    var configPath: String?

    @Option(
        name: .customLong("env"), parsing: .singleValue,
        help: ArgumentHelp(
            "A variable of its environment, over the configuration's; NAME alone takes the value from this command's own. Repeatable.",
            valueName: "name=value"))
    var environment: [String] = []

    @Option(
        name: .customLong("port"), parsing: .singleValue,
        help: ArgumentHelp(
            "A port instead of the configuration's: 3000, 8080:3000 (host:container) or auto:3000. Repeatable.",
            valueName: "port"))
    var ports: [String] = []

    @Option(help: ArgumentHelp("What to do with what runs: replace, reject or reuse.", valueName: "policy"))
    var onExisting = OnExisting.replace

    @Option(help: ArgumentHelp("When to return: accepted, running or healthy.", valueName: "state"))
    var wait = Wait.running

    @Option(help: ArgumentHelp("How long the start may take. Default: 1800.", valueName: "seconds"))
    var timeout: Int?

    @Option(help: ArgumentHelp("How long it may run before it is stopped. Default: without end.", valueName: "seconds"))
    var ttl: Int?

    @Option(
        help: ArgumentHelp(
            "The variable of this command's environment that holds a token for the repository, for this start alone.",
            valueName: "name"))
    var tokenEnv: String?

    func validate() throws {
        if location != nil, path != nil { throw ValidationError("--location and --path exclude each other.") }
        if ref != nil, location == nil { throw ValidationError("--ref goes with --location.") }
        if component == nil, location == nil, path == nil, entity == nil {
            throw ValidationError("Name the component, or give --location, --path or --entity.")
        }
    }

    func run(_ agent: AgentClient) throws {
        let params = try params()
        if client.json { return try printJSON(try agent.call("runner.start", params)) }
        Interruption.explain()
        var phases = PhaseDisplay(options: client)
        do {
            let answer = try agent.call("runner.start", params) { notification in
                guard notification.method == "$/progress", let value = notification.params["value"] else { return }
                try phases.show(value)
            }
            try phases.finish()
            try printResult(InstanceSummary(answer))
        } catch let error as ResponseError {
            try phases.finish()
            try explain(error, agent)
            throw ExitCode(ExitStatus.failure.rawValue)
        }
    }

    private func params() throws(CommandError) -> JSONValue {
        var params: JSONObject = [:]
        params.append("componentRef", ifPresent: component.map(JSONValue.string))
        params.append("entity", ifPresent: try entity.map { file throws(CommandError) in try Self.entity(file) })
        if let location {
            var source: JSONObject = ["location": .string(location)]
            source.append("ref", ifPresent: ref.map(JSONValue.string))
            params.append("source", .object(source))
        } else if let path {
            params.append("source", ["path": .string(Self.realPath(path))])
        }
        params.append("configPath", ifPresent: configPath.map(JSONValue.string))
        if let tokenEnv {
            guard let token = ProcessEnvironment.value(tokenEnv) else {
                throw CommandError(.usage, "--token-env: the variable \(tokenEnv) is not set.")
            }
            params.append("credentials", ["token": .string(token)])
        }
        params.append("onExisting", .string(onExisting.rawValue))
        if !environment.isEmpty { params.append("environment", .object(try Self.variables(environment))) }
        if !ports.isEmpty { params.append("ports", .array(ports.map(JSONValue.string))) }
        params.append("wait", .string(wait.rawValue))
        params.append("timeoutSeconds", ifPresent: timeout.map { .int($0) })
        params.append("ttlSeconds", ifPresent: ttl.map { .int($0) })
        if !client.json { params.append("_meta", ["progressToken": "start"]) }
        return .object(params)
    }

    private static func entity(_ file: String) throws(CommandError) -> JSONValue {
        let limit = WireLimits.lineBytes / 2
        let text =
            file == "-"
            ? try InputFile.read(descriptor: STDIN_FILENO, name: "stdin", limitBytes: limit)
            : try InputFile.read(path: file, limitBytes: limit)
        do {
            return try JSONReader.parse(text)
        } catch {
            throw CommandError(
                .usage,
                "\(file) is no JSON: \(error.reason) at byte \(error.offset). The catalog's API gives entities as JSON."
            )
        }
    }

    /// `NAME=VALUE`, or `NAME` with the value of our own environment; of a repeated name the last.
    private static func variables(_ texts: [String]) throws(CommandError) -> JSONObject {
        var values: [(String, JSONValue)] = []
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let value = parts.count == 2 ? parts[1] : ProcessEnvironment.variables[text] else {
                throw CommandError(.usage, "--env \(text): neither NAME=VALUE nor a variable that is set here.")
            }
            values.removeAll { $0.0 == parts[0] }
            values.append((parts[0], .string(value)))
        }
        return JSONObject(values)
    }

    /// Without `..` and links, because the component may be named after the last part.
    private static func realPath(_ path: String) -> String {
        // What does not exist here is the agent's to judge.
        guard let resolved = unsafe realpath(path, nil) else { return absolutePath(path) }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private func printResult(_ instance: InstanceSummary) throws {
        for warning in instance.warnings { try Console.standardError.write(line: client.shown("warning: \(warning)")) }
        let health = instance.health == "none" ? "" : ", \(instance.health)"
        var lines = ["\(instance.componentRef) is \(instance.detailedStatus) (\(instance.shortID)\(health))"]
        lines += instance.urls.map { "  \($0)" }
        for line in lines { try Console.standardOutput.write(line: client.shown(line)) }
        guard Console.standardError.isTerminal else { return }
        try Console.standardError.write(
            line: "Next: runner-agent logs -f \(instance.shortID), runner-agent stop \(instance.shortID)")
    }

    /// Says why, with the end of the build's output when it is the build that failed.
    private func explain(_ error: ResponseError, _ agent: AgentClient) throws {
        let report = FailureReport(error)
        guard report.isOfBuild, let id = report.instanceID else {
            return try Console.standardError.write(report.text(client))
        }
        try LogPrinter(options: client).printBuildOutput(of: id, agent)
        try Console.standardError.write(report.text(client, withLogTail: false))
    }
}

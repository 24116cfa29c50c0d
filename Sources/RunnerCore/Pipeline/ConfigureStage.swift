import Crypto
import GitHubSource
import RunnerConfig
import SourceArchive

/// The component's configuration with the request's overrides, and the files of the build it names.
struct ConfiguredComponent: Sendable {
    var config: ComponentConfig
    /// Below the repository's root.
    var contextDirectory: ArchivePath
    var dockerfile: ArchivePath
    var dockerfileContents: [UInt8]
    /// SHA-256 over everything in the configuration that makes a difference, hexadecimal.
    var digest: String
}

/// Phase `configuring`: `.runner/config.yml` to a checked value, and the files it names found.
struct ConfigureStage {
    let context: StartContext

    func run(_ source: PreparedSource) async throws -> ConfiguredComponent {
        if source.resolved != nil { try await context.enter(.configuring, "reading the configuration") }
        let (text, name) = try await configText(source)
        let config: ComponentConfig
        do {
            let (parsed, warnings) = try ComponentConfig.parse(text)
            await warn(warnings, of: name)
            config = try overridden(parsed)
        } catch {
            await warn(error.warnings, of: name)
            throw Failure(invalidConfig: error, file: name)
        }
        var problems: [ConfigDiagnostic] = []
        let build = try located("build.context", in: text, &problems) {
            let path = try repositoryPath(config.build.context, in: source, key: "build.context")
            if path != ArchivePath.root { try requireDirectory(path, source) }
            return path
        }
        let dockerfile = try located("dockerfile", in: text, &problems) {
            try repositoryPath(config.dockerfile, in: source, key: "dockerfile")
        }
        guard let build, let dockerfile else {
            problems.sort { ($0.line, $0.column) < ($1.line, $1.column) }
            throw Failure(invalidConfig: ConfigError(diagnostics: problems), file: name)
        }
        return ConfiguredComponent(
            config: config, contextDirectory: build, dockerfile: dockerfile,
            dockerfileContents: try await contents(of: dockerfile, source), digest: digest(config))
    }

    /// What `find` gives; nil after its failure was added to `problems` with the place of `key`.
    private func located(
        _ key: String, in text: [UInt8], _ problems: inout [ConfigDiagnostic], _ find: () throws -> ArchivePath
    ) throws -> ArchivePath? {
        do {
            return try find()
        } catch let failure as Failure where failure.code == FailureCode.configInvalid.rawValue {
            let cause =
                failure.message.hasPrefix("\(key): ") ? failure.message.dropFirst(key.count + 2) : failure.message[...]
            problems.append(
                ComponentConfig.diagnostic(of: key, in: text, failure.hint.map { "\(cause); \($0)" } ?? String(cause)))
            return nil
        }
    }

    private func warn(_ warnings: [ConfigDiagnostic], of name: String) async {
        await context.warn(warnings.map { "\(name):\($0.line):\($0.column): \($0.path): \($0.message)" })
    }

    private func configText(_ source: PreparedSource) async throws -> (text: [UInt8], name: String) {
        if let inline = context.plan.request.inlineConfig { return (inline, "config") }
        let path = try repositoryPath(source.configPath, in: source, key: "configPath")
        switch source.inspection.kind(of: path) {
        case .file:
            guard let text = source.inspection.captured[path] else {
                throw Failure(.configInvalid, "\(path) is too large for a configuration", hint: "64 KiB are possible")
            }
            if SourceOmissions.isPointer(text) { throw Self.kept(.configNotFound, path, SourceOmissions.pointerReason) }
            return (text, path.description)
        case .symlink(let target):
            throw Failure(
                .configInvalid, "\(path) is a symbolic link to \(String(decoding: target, as: UTF8.self))",
                hint: "commit the configuration as a regular file; links are never followed")
        case .directory, nil:
            if let reason = await absence(of: path, source) { throw Self.kept(.configNotFound, path, reason) }
            throw Self.missingConfig(path)
        }
    }

    static func missingConfig(_ path: ArchivePath) -> Failure {
        Failure(
            .configNotFound, "there is no \(path) in the source",
            hint: "add it (runner: {type: docker, ports: [3000]}), or name another with configPath or the annotation "
                + "runner.backstage.io/config-path")
    }

    private func overridden(_ parsed: ComponentConfig) throws(ConfigError) -> ComponentConfig {
        let request = context.plan.request
        return try parsed.overriding(
            environment: request.environment.map { EnvironmentEntry(name: $0.name, value: $0.value) },
            ports: request.ports)
    }

    private func repositoryPath(_ path: String, in source: PreparedSource, key: String) throws -> ArchivePath {
        guard let resolved = resolveRepositoryPath(path, from: source.directory) else {
            throw Failure(
                .configInvalid, "\(key): \(path) leads out of the repository",
                hint: "paths are relative to the component's directory; a leading / means the repository's root")
        }
        do {
            return try ArchivePath(resolved)
        } catch {
            throw Failure(.configInvalid, "\(key): \(path) is no valid path: \(error.message)")
        }
    }

    /// Why a file that people see in the repository is not in the source; nil when it is nowhere.
    private func absence(of path: ArchivePath, _ source: PreparedSource) async -> String? {
        if let reason = source.omissions.reason(for: path) { return reason }
        guard let resolved = source.resolved else { return nil }
        // Losing the error is right: without an answer the file is said to be missing, which it is.
        let token = context.plan.request.token.map { Secret($0) }
        let found = try? await context.services.github.contents(resolved, path: "\(path)", token: token)
        return found == nil ? nil : "the attribute export-ignore in .gitattributes leaves it out of GitHub's archives"
    }

    private static func kept(_ code: FailureCode, _ path: ArchivePath, _ reason: String) -> Failure {
        Failure(
            code, "\(path) is not in the source: \(reason)",
            hint: "commit the file itself to the repository, where its archives hold it")
    }

    private func requireDirectory(_ path: ArchivePath, _ source: PreparedSource) throws {
        if let reason = source.omissions.reason(for: path) {
            throw Failure(
                .configInvalid, "build.context: \(path) is empty in the source: \(reason)",
                hint: "build from a directory of the repository itself")
        }
        guard case .directory = source.inspection.kind(of: path) else {
            throw Failure(
                .configInvalid, "build.context: there is no directory \(path) in the source",
                hint: "build.context is relative to the component's directory")
        }
    }

    private func contents(of path: ArchivePath, _ source: PreparedSource) async throws -> [UInt8] {
        switch source.inspection.kind(of: path) {
        case .file:
            if let contents = source.inspection.captured[path] { return try Self.checked(contents, path) }
        case .symlink(let target):
            throw Failure(
                .dockerfileNotFound, "\(path) is a symbolic link to \(String(decoding: target, as: UTF8.self))",
                hint: "commit the Dockerfile as a regular file, or name its real path with `dockerfile:`")
        case .directory, nil:
            if let reason = await absence(of: path, source) { throw Self.kept(.dockerfileNotFound, path, reason) }
            throw Failure(
                .dockerfileNotFound, "there is no \(path) in the source",
                hint: "add it, or name another with `dockerfile:`")
        }
        // A name pass 1 could not guess: read the source once more for this one file.
        let (tree, limits, context) = (source.tree, context.services.limits.archive, context)
        let again = try await context.files.run {
            try inspectSource(
                tree, limits: limits, capture: { candidate, _ in candidate == path },
                isCancelled: { context.isCancelled })
        }
        guard let contents = again.captured[path] else {
            throw Failure(.dockerfileNotFound, "\(path) is larger than \(limits.capturedFileBytes) bytes")
        }
        return try Self.checked(contents, path)
    }

    private static func checked(_ contents: [UInt8], _ path: ArchivePath) throws -> [UInt8] {
        guard !SourceOmissions.isPointer(contents) else {
            throw kept(.dockerfileNotFound, path, SourceOmissions.pointerReason)
        }
        return contents
    }

    private func digest(_ config: ComponentConfig) -> String {
        hexadecimal(SHA256.hash(data: Array(config.digestText.utf8)))
    }
}

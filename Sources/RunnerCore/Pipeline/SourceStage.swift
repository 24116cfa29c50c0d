import GitHubSource
import Logging
import NIOConcurrencyHelpers
import RunnerConfig
import SourceArchive

/// The source of a start, read once and known to be whole.
struct PreparedSource: Sendable {
    var tree: SourceTree
    var inspection: SourceInspection
    /// The component's directory below the repository's root, "" for the root.
    var directory: String
    var configPath: String
    var commit: String?
    /// What the repository has and the tree has not.
    var omissions: SourceOmissions
    /// The commit that GitHub can be asked about; nil for a directory.
    var resolved: ResolvedSource?
    /// Keeps the file in the cache for as long as it is needed.
    var archive: CachedArchive?
}

/// Phases `resolving` and `fetching`: from a location to a validated archive in the cache, or to a local directory.
struct SourceStage {
    let context: StartContext

    private var token: Secret? { context.plan.request.token.map { Secret($0) } }

    func run() async throws -> PreparedSource {
        let configPath = context.plan.configPath ?? StartPlan.defaultConfigPath
        switch context.plan.source {
        case .github(let location):
            return try await fetch(location, text: context.plan.describedLocation, configPath: configPath)
        case .catalog(let reference):
            let entity = try await lookUp(reference)
            let text = try entity.requireLocation()
            let location = try context.services.github.locate(text)
            return try await fetch(
                location, text: text,
                configPath: context.plan.configPath ?? entity.configPath ?? StartPlan.defaultConfigPath)
        case .directory(let path):
            return try await read(path, configPath: configPath)
        }
    }

    private func lookUp(_ reference: EntityReference) async throws -> CatalogEntity {
        guard let catalog = context.services.catalog else { preconditionFailure("planned without a catalog") }
        try await context.enter(.resolving, "looking \(reference) up in the catalog")
        let entity = try await catalog.entity(reference, notice: notice(.resolving))
        try entity.requireEnabled()
        return entity
    }

    private func fetch(_ location: RepositoryLocation, text: String, configPath: String) async throws -> PreparedSource
    {
        try await context.enter(.resolving, "resolving \(location.host)/\(location.owner)/\(location.repository)")
        let resolved = try await context.services.github.resolve(location, token: token, notice: notice(.resolving))
        context.registry.apply(
            .resolved(
                .github(
                    location: text, repository: resolved.fullName, ref: resolved.ref, commit: resolved.commit,
                    directory: resolved.directory)),
            to: context.id)
        await context.warn(resolved.warnings)

        try await context.enter(
            .fetching, "fetching \(resolved.fullName) at \(resolved.commit.prefix(12)) (\(resolved.ref))")
        let (archive, inspection) = try await download(resolved, configPath: configPath)
        let tree = SourceTree.archive(spool: archive.path)
        let omissions = try await omissions(of: tree, inspection, fromArchive: true)
        try requireDirectory(resolved, inspection, omissions)
        return PreparedSource(
            tree: tree, inspection: inspection, directory: resolved.directory, configPath: configPath,
            commit: resolved.commit, omissions: omissions, resolved: resolved, archive: archive)
    }

    /// The archive, read through once; a damaged one of the cache is downloaded anew.
    private func download(
        _ resolved: ResolvedSource, configPath: String
    ) async throws -> (CachedArchive, SourceInspection) {
        let archive = try await archive(of: resolved)
        do {
            return (archive, try await inspect(archive, of: resolved, configPath))
        } catch let error where !(error is CancellationError) {
            // That a start was given up says nothing about the file.
            guard !context.isCancelled else { throw error }
            context.services.cache.drop(resolved)
            guard archive.cached else { throw error }
            await context.say(
                "the archive in the cache was damaged and is downloaded anew: \(Failure(mapping: error).message)",
                .fetch)
        }
        let fresh = try await self.archive(of: resolved)
        do {
            return (fresh, try await inspect(fresh, of: resolved, configPath))
        } catch let error where !(error is CancellationError) {
            if !context.isCancelled { context.services.cache.drop(resolved) }
            throw error
        }
    }

    private func archive(of resolved: ResolvedSource) async throws -> CachedArchive {
        let services = context.services
        let archive = try await services.cache.archive(for: resolved) { writer in
            try await services.github.downloadArchive(
                resolved, token: token, limitBytes: services.limits.archive.compressedBytes, notice: notice(.fetching),
                progress: { context.report(.fetching, "downloading", current: $0, total: $1, unit: "bytes") },
                to: writer)
        }
        if archive.cached { await context.say("the archive was in the cache; nothing was downloaded", .fetch) }
        return archive
    }

    private func inspect(
        _ archive: CachedArchive, of resolved: ResolvedSource, _ configPath: String
    ) async throws -> SourceInspection {
        let inspection = try await inspect(.archive(spool: archive.path), configPath: configPath)
        if let commit = inspection.commit, commit != resolved.commit {
            throw Failure(
                .archiveInvalid, "the archive is of commit \(commit), not of \(resolved.commit)",
                hint: "start again; the archive is downloaded anew", retryable: true)
        }
        await context.warn(inspection.warnings)
        return inspection
    }

    private func requireDirectory(
        _ resolved: ResolvedSource, _ inspection: SourceInspection, _ omissions: SourceOmissions
    ) throws {
        guard !resolved.directory.isEmpty else { return }
        let path = try ArchivePath(resolved.directory)
        if case .directory = inspection.kind(of: path) { return }
        let reason = omissions.reason(for: path).map { ": \($0)" } ?? ""
        throw Failure(
            .directoryNotFound,
            "there is no directory \(path) in \(resolved.fullName) at \(resolved.ref)\(reason)",
            hint: "check the location: what follows tree/\(resolved.ref)/ must be a directory")
    }

    private func read(_ path: String, configPath: String) async throws -> PreparedSource {
        try await context.enter(.configuring, "reading \(path)")
        guard FileAccess.isDirectory(path) else {
            throw Failure(
                .directoryNotFound, "\(path) is no directory the agent can read",
                hint: "the path is looked up on the agent's machine; check it and its permissions")
        }
        try await requireConfig(configPath, in: path)
        let tree = SourceTree.directory(path: path)
        let inspection = try await inspect(tree, configPath: configPath)
        await context.warn(inspection.warnings)
        let omissions = try await omissions(of: tree, inspection, fromArchive: false)
        return PreparedSource(
            tree: tree, inspection: inspection, directory: "", configPath: configPath, omissions: omissions)
    }

    /// A directory without a configuration is some other directory, maybe `/`: that is said before all of it is read.
    ///
    /// One with submodules is read, for the configuration may be in one that is not checked out.
    private func requireConfig(_ configPath: String, in directory: String) async throws {
        guard context.plan.request.inlineConfig == nil, let resolved = resolveRepositoryPath(configPath, from: ""),
            let path = try? ArchivePath(resolved)  // What is wrong with the path is said where it is used.
        else { return }
        let isMissing = try await context.files.run {
            switch try memberKind(at: path, inDirectory: directory) {
            case .file, .symlink: false
            case .directory, nil: try memberKind(at: ArchivePath(".gitmodules"), inDirectory: directory) == nil
            }
        }
        if isMissing { throw ConfigureStage.missingConfig(path) }
    }

    private func omissions(
        of tree: SourceTree, _ inspection: SourceInspection, fromArchive: Bool
    ) async throws -> SourceOmissions {
        let (limits, context) = (context.services.limits.archive, context)
        let omissions = try await context.files.run {
            try SourceOmissions(
                of: tree, inspection, fromArchive: fromArchive, limits: limits, isCancelled: { context.isCancelled })
        }
        await context.warn(omissions.warnings)
        return omissions
    }

    private func inspect(_ tree: SourceTree, configPath: String) async throws -> SourceInspection {
        let (limits, context) = (context.services.limits.archive, context)
        let config = Array((configPath.split(separator: "/").last.map(String.init) ?? "").utf8)
        let budget = NIOLockedValueBox(limits.capturedTotalBytes / 2)
        return try await context.files.run {
            try inspectSource(
                tree, limits: limits,
                capture: { path, size in
                    guard size <= limits.capturedFileBytes, let name = path.components.last else { return false }
                    if name == config || name.hasSuffix(".dockerignore") { return true }
                    // A tree with thousands of such files is fine; a Dockerfile not taken now is read again when named.
                    guard Self.looksLikeDockerfile(name) || SourceOmissions.wants(path) else { return false }
                    return budget.withLockedValue { rest in
                        rest -= size
                        return rest >= 0
                    }
                },
                isCancelled: { context.isCancelled })
        }
    }

    private func notice(_ phase: StartPhase) -> @Sendable (String) -> Void {
        { [context] in
            context.services.logger.info("\($0)", metadata: ["instance": "\(context.id)"])
            context.report(phase, $0)
        }
    }

    private static func looksLikeDockerfile(_ name: [UInt8]) -> Bool {
        let lower = String(decoding: name, as: UTF8.self).lowercased()
        return lower.contains("dockerfile") || lower.contains("containerfile")
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}

extension StartPlan {
    /// The location as the client wrote it.
    var describedLocation: String {
        if case .github(let location, _, _, _, _) = described { return location }
        return ""
    }
}

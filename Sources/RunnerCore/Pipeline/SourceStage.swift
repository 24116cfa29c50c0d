import GitHubSource
import NIOConcurrencyHelpers
import RunnerConfig
import SourceArchive

/// The source of a start, read once and known to be whole.
struct PreparedSource: Sendable {
    var tree: SourceTree
    var inspection: SourceInspection
    /// The component's directory below the repository's root, "" for the root.
    var directory: String
    var commit: String?
    /// Keeps the file in the cache for as long as it is needed.
    var archive: CachedArchive?
}

/// Phases `resolving` and `fetching`: from a location to a validated archive in the cache, or to a local directory.
struct SourceStage {
    let context: StartContext

    func run() async throws -> PreparedSource {
        switch context.plan.source {
        case .github(let location): try await fetch(location)
        case .directory(let path): try await read(path)
        }
    }

    private func fetch(_ location: RepositoryLocation) async throws -> PreparedSource {
        let services = context.services
        let token = context.plan.request.token.map { Secret($0) }
        try await context.enter(.resolving, "resolving \(location.host)/\(location.owner)/\(location.repository)")
        let resolved = try await services.github.resolve(location, token: token)
        let repository = "\(resolved.owner)/\(resolved.repository)"
        context.registry.apply(
            .resolved(
                .github(
                    location: context.plan.describedLocation, repository: repository, ref: resolved.ref,
                    commit: resolved.commit, directory: resolved.directory)),
            to: context.id)
        await context.warn(resolved.warnings)

        try await context.enter(.fetching, "fetching \(repository) at \(resolved.commit.prefix(12)) (\(resolved.ref))")
        let archive = try await services.cache.archive(for: resolved) { writer in
            try await services.github.downloadArchive(
                resolved, token: token, limitBytes: services.limits.archive.compressedBytes,
                progress: { context.report(.fetching, "downloading", current: $0, total: $1, unit: "bytes") },
                to: writer)
        }
        if archive.cached { await context.say("the archive was in the cache; nothing was downloaded", .fetch) }
        let tree = SourceTree.archive(spool: archive.path)
        do {
            let inspection = try await inspect(tree)
            if let commit = inspection.commit, commit != resolved.commit {
                throw Failure(
                    .archiveInvalid, "the archive is of commit \(commit), not of \(resolved.commit)",
                    hint: "start again; the archive is downloaded anew", retryable: true)
            }
            return PreparedSource(
                tree: tree, inspection: inspection, directory: resolved.directory, commit: resolved.commit,
                archive: archive)
        } catch let error where !(error is CancellationError) {
            // A damaged file must not be served from the cache again; that a start was given up says nothing about it.
            if !context.isCancelled { services.cache.drop(resolved) }
            throw error
        }
    }

    private func read(_ path: String) async throws -> PreparedSource {
        try await context.enter(.configuring, "reading \(path)")
        guard FileAccess.isDirectory(path) else {
            throw Failure(
                .directoryNotFound, "\(path) is no directory the agent can read",
                hint: "the path is looked up on the agent's machine; check it and its permissions")
        }
        try await requireConfig(in: path)
        let tree = SourceTree.directory(path: path)
        return PreparedSource(tree: tree, inspection: try await inspect(tree), directory: "", commit: nil)
    }

    /// A directory without a configuration is some other directory, maybe `/`: that is said before all of it is read.
    private func requireConfig(in directory: String) async throws {
        guard context.plan.request.inlineConfig == nil,
            let resolved = resolveRepositoryPath(context.plan.configPath, from: ""),
            let path = try? ArchivePath(resolved)  // What is wrong with the path is said where it is used.
        else { return }
        switch try await context.files.run({ try memberKind(at: path, inDirectory: directory) }) {
        case .directory, nil: throw ConfigureStage.missingConfig(path)
        case .file, .symlink: return
        }
    }

    private func inspect(_ tree: SourceTree) async throws -> SourceInspection {
        let limits = context.services.limits.archive
        let context = context
        let config = Array((context.plan.configPath.split(separator: "/").last.map(String.init) ?? "").utf8)
        let budget = NIOLockedValueBox(limits.capturedTotalBytes / 2)
        let inspection = try await context.files.run {
            try inspectSource(
                tree, limits: limits,
                capture: { path, size in
                    guard size <= limits.capturedFileBytes, let name = path.components.last else { return false }
                    if name == config || name.hasSuffix(".dockerignore") { return true }
                    // A tree with thousands of Dockerfiles is fine; what is not taken now is read again when named.
                    guard Self.looksLikeDockerfile(name) else { return false }
                    return budget.withLockedValue { rest in
                        rest -= size
                        return rest >= 0
                    }
                },
                isCancelled: { context.isCancelled })
        }
        await context.warn(inspection.warnings)
        return inspection
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

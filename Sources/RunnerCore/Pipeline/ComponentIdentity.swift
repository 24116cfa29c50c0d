import Crypto
import NIOConcurrencyHelpers
import SourceArchive

extension ConfiguredComponent {
    /// What of the source is sent to the engine.
    ///
    /// - Parameters:
    ///   - omitsIgnoreFile: leaves the general ignore file out where a specific one rules.
    ///   - hidesFromCopy: lets the classic builder take an added Dockerfile and the ignore file out before COPY sees them, as
    ///     `docker build` does.
    func contextPlan(
        _ source: PreparedSource, omitsIgnoreFile: Bool = false, hidesFromCopy: Bool = false
    ) throws -> ContextPlan {
        let captured = source.inspection.captured
        let specific = try ArchivePath(validating: dockerfile.bytes + Array(".dockerignore".utf8))
        let general = try contextDirectory.appending(ArchivePath(".dockerignore"))
        let rules = captured[specific] ?? captured[general]
        let placement: DockerfilePlacement
        if let relative = dockerfile.relative(to: contextDirectory) {
            placement = .inContext(relative)
        } else {
            let digest = hexadecimal(SHA256.hash(data: dockerfileContents)).prefix(20)
            placement = .injected(name: ".dockerfile.\(digest)", contents: dockerfileContents)
        }
        let isSpecific = captured[specific] != nil
        var plan = ContextPlan(
            contextDirectory: contextDirectory, ignore: try rules.map { try IgnoreRules(parsing: $0) } ?? .none,
            // As `docker build` does it, also where the file excludes itself: the classic builder takes out what it names.
            dockerfile: placement, alwaysKeep: isSpecific ? [] : [try ArchivePath(".dockerignore")],
            mtime: source.inspection.commitTime, omitIgnoreFile: omitsIgnoreFile && isSpecific)
        if hidesFromCopy, case .injected(let name, _) = placement {
            plan.ignoreFile = (captured[general] ?? Array(".dockerignore".utf8)) + Array("\n\(name)\n".utf8)
        }
        return plan
    }

    /// What makes one running component as good as another: source, configuration and overrides.
    ///
    /// Hexadecimal SHA-256.
    func identity(of source: PreparedSource, in context: StartContext) async throws -> String {
        let text = """
            \(try await context.sourceIdentity(source, try contextPlan(source)))
            \(contextDirectory)
            \(dockerfile)
            \(digest)
            """
        return hexadecimal(SHA256.hash(data: Array(text.utf8)))
    }
}

extension StartContext {
    /// A commit names its content; a directory is read once more for its digest.
    func sourceIdentity(_ source: PreparedSource, _ plan: ContextPlan) async throws -> String {
        if let commit = source.commit { return commit }
        let isPlain = !plan.omitIgnoreFile && plan.ignoreFile == nil
        if isPlain, let known = plainContextDigest.withLockedValue({ $0 }) { return known }
        let limits = services.limits.archive
        let digest = try await files.run {
            try contextDigest(of: source.tree, plan: plan, limits: limits, isCancelled: { isCancelled })
        }
        if isPlain { plainContextDigest.withLockedValue { $0 = digest } }
        return digest
    }
}

import Crypto
import NIOConcurrencyHelpers
import SourceArchive

extension ConfiguredComponent {
    /// What of the source is sent to the engine.
    ///
    /// - Parameter omitsIgnoreFile: leaves the general ignore file out where a specific one rules.
    func contextPlan(_ source: PreparedSource, omitsIgnoreFile: Bool) throws -> ContextPlan {
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
        return ContextPlan(
            contextDirectory: contextDirectory, ignore: try rules.map { try IgnoreRules(parsing: $0) } ?? .none,
            dockerfile: placement, mtime: source.inspection.commitTime,
            omitIgnoreFile: omitsIgnoreFile && captured[specific] != nil)
    }

    /// What makes one running component as good as another: source, configuration and overrides. Hexadecimal SHA-256.
    func identity(of source: PreparedSource, in context: StartContext) async throws -> String {
        let text = """
            \(try await context.sourceIdentity(source, try contextPlan(source, omitsIgnoreFile: false)))
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
        if let known = contextDigests.withLockedValue({ $0[plan.omitIgnoreFile] }) { return known }
        let limits = services.limits.archive
        let digest = try await files.run {
            try contextDigest(of: source.tree, plan: plan, limits: limits, isCancelled: { isCancelled })
        }
        contextDigests.withLockedValue { $0[plan.omitIgnoreFile] = digest }
        return digest
    }
}

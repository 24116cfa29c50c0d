/// Where the engine finds the Dockerfile in a build context.
package enum DockerfilePlacement: Sendable, Hashable {
    /// A file of the source, its path relative to the context. It is kept whatever the ignore rules say.
    case inContext(ArchivePath)
    /// A file that lies outside the context, added at its root as `name`, which no member may have.
    case injected(name: String, contents: [UInt8])
}

/// What of a source becomes the build context, and how.
package struct ContextPlan: Sendable {
    /// The directory whose contents are sent; a real directory of the source.
    package var contextDirectory: ArchivePath
    package var ignore: IgnoreRules
    package var dockerfile: DockerfilePlacement
    /// Paths relative to the context that are kept whatever the ignore rules say.
    package var alwaysKeep: [ArchivePath]
    /// The time of every member, in seconds since 1970.
    package var mtime: Int64
    /// Leaves out the context's own `.dockerignore`, for an engine that would apply it again.
    package var omitIgnoreFile: Bool
    /// Sent as the context's `.dockerignore` instead of the source's.
    package var ignoreFile: [UInt8]?
    /// What ``contextDigest(of:plan:limits:isCancelled:)`` gave for this plan: a context that differs is not finished.
    package var expectedDigest: String?

    package init(
        contextDirectory: ArchivePath, ignore: IgnoreRules, dockerfile: DockerfilePlacement,
        alwaysKeep: [ArchivePath] = [], mtime: Int64, omitIgnoreFile: Bool = false
    ) {
        self.contextDirectory = contextDirectory
        self.ignore = ignore
        self.dockerfile = dockerfile
        self.alwaysKeep = alwaysKeep
        self.mtime = mtime
        self.omitIgnoreFile = omitIgnoreFile
    }
}

/// A context that was written to its end.
package struct ContextSummary: Sendable, Hashable {
    /// The size of the tar.
    package let bytes: Int64
    /// Regular files, an injected Dockerfile included.
    package let files: Int
    /// For the user: links that point outside the context; what the source left out, pass 1 has said.
    package let warnings: [String]
}

/// Pass 2: reads `tree` again, checks it again, and writes the build context that `plan` describes as a canonical tar.
///
/// The tar starts with a plain `./` entry and ends with exactly two zero blocks. Only after this returns is the context
/// complete: when it throws, the caller must break the upload off, because an engine builds from a tar that ends
/// between two members as if it were whole. Blocks: call it on a thread of its own.
///
/// - Parameters:
///   - isCancelled: is asked at least once for each 256 KiB.
///   - sink: gets the tar in pieces of 256 KiB, the last one shorter. What it throws is thrown on.
/// - Throws: ``ArchiveError``, or the sink's own error.
package func writeContext(
    of tree: SourceTree, plan: ContextPlan, limits: ArchiveLimits = .standard,
    isCancelled: @Sendable () -> Bool, to sink: ([UInt8]) throws -> Void
) throws -> ContextSummary {
    try withoutActuallyEscaping(isCancelled) { isCancelled in
        try withoutActuallyEscaping(sink) { sink in
            let reader = try tree.reader(limits: limits, isCancelled: isCancelled)
            let output = ContextOutput(expectedDigest: plan.expectedDigest, sink: sink)
            var writer = try ContextWriter(plan: plan, limits: limits, output: output)
            do throws(ArchiveError) {
                return try writer.write(reader)
            } catch {
                throw writer.output.sinkError ?? error
            }
        }
    }
}

/// The SHA-256 of the context that `plan` makes of `tree`, in lower-case hexadecimal digits.
///
/// The same source and plan give the same one, which is how an unchanged directory is known. Otherwise as
/// ``writeContext(of:plan:limits:isCancelled:to:)``.
package func contextDigest(
    of tree: SourceTree, plan: ContextPlan, limits: ArchiveLimits = .standard, isCancelled: @Sendable () -> Bool
) throws -> String {
    var digest = ContextDigest()
    _ = try writeContext(of: tree, plan: plan, limits: limits, isCancelled: isCancelled) { digest.update($0) }
    return digest.finish()
}

/// Filters members and writes those that stay.
struct ContextWriter {
    private let plan: ContextPlan
    private let limits: ArchiveLimits
    private let injectedPath: ArchivePath?
    private let kept: [ArchivePath]
    private let encoder: TarHeaderEncoder
    private var ignore: IgnoreMatcher
    private var directories: Set<ArchivePath> = []
    /// The directory that the last member was written into.
    private var openDirectory = ArchivePath.root
    private var hasContext: Bool
    private var hasDockerfile = false
    private var members = 0
    private var files = 0
    private var warnings = WarningList()
    private(set) var output: ContextOutput

    init(plan: ContextPlan, limits: ArchiveLimits, output: ContextOutput) throws(ArchiveError) {
        self.plan = plan
        self.limits = limits
        self.output = output
        self.encoder = TarHeaderEncoder(modified: plan.mtime)
        self.ignore = IgnoreMatcher(plan.ignore)
        self.hasContext = plan.contextDirectory.isRoot
        switch plan.dockerfile {
        case .inContext(let path):
            kept = plan.alwaysKeep + [path]
            injectedPath = nil
        case .injected(let name, _):
            kept = plan.alwaysKeep
            let path = try ArchivePath(name)
            guard !path.isRoot, path.parent.isRoot else {
                throw .invalid("an added Dockerfile lies at the context's root", member: path.bytes)
            }
            injectedPath = path
        }
    }

    mutating func write(_ reader: any MemberReader) throws(ArchiveError) -> ContextSummary {
        try output.append(encoder.rootDirectory())
        try writeInjected()
        while let member = try reader.next() {
            try take(member, from: reader)
        }
        try checkComplete()
        try output.finish()
        return ContextSummary(bytes: output.bytes, files: files, warnings: warnings.texts)
    }

    private mutating func writeInjected() throws(ArchiveError) {
        if case .injected(_, let contents) = plan.dockerfile, let injectedPath {
            try write(contents, as: injectedPath)
            hasDockerfile = true
        }
        if let contents = plan.ignoreFile { try write(contents, as: Self.ignoreFile) }
    }

    private mutating func write(_ contents: [UInt8], as path: ArchivePath) throws(ArchiveError) {
        try writeHeader(path, .file(size: Int64(contents.count)), isExecutable: false)
        try output.append(contents)
        try output.pad(after: Int64(contents.count))
    }

    private mutating func take(_ member: SourceMember, from reader: any MemberReader) throws(ArchiveError) {
        guard let path = try contextPath(of: member) else {
            if case .directory = member.kind, !plan.contextDirectory.hasPrefix(member.path) { reader.skipChildren() }
            return
        }
        guard path != injectedPath else {
            throw .invalid("the name of the added Dockerfile is taken", member: member.path.bytes)
        }
        guard keeps(path) else {
            if case .directory = member.kind, !mayKeepBelow(path) { reader.skipChildren() }
            return
        }
        switch member.kind {
        case .directory:
            try writeDirectory(path)
        case .symlink(let target):
            try openDirectory(of: path)
            try writeHeader(path, member.kind, isExecutable: false)
            warnings.check(link: path, target: target)
        case .file(let size):
            try openDirectory(of: path)
            try writeHeader(path, member.kind, isExecutable: member.isExecutable)
            while try reader.readContents({ bytes throws(ArchiveError) in try output.append(bytes) }) {}
            try output.pad(after: size)
            if plan.dockerfile == .inContext(path) { hasDockerfile = true }
        }
    }

    /// The member's path in the context; nil when it is not inside.
    private mutating func contextPath(of member: SourceMember) throws(ArchiveError) -> ArchivePath? {
        let path = member.path.relative(to: plan.contextDirectory)
        if path?.isRoot == true, member.kind != .directory {
            throw .invalid("the build context is not a directory", member: member.path.bytes)
        }
        if path != nil { hasContext = true }
        return path?.isRoot == true ? nil : path
    }

    private mutating func keeps(_ path: ArchivePath) -> Bool {
        if plan.omitIgnoreFile || plan.ignoreFile != nil, path == Self.ignoreFile { return false }
        return kept.contains(path) || !ignore.excludes(path)
    }

    /// Whether something below an excluded directory may stay.
    private func mayKeepBelow(_ directory: ArchivePath) -> Bool {
        plan.ignore.hasNegation || kept.contains { $0.hasPrefix(directory) }
    }

    private static let ignoreFile = ArchivePath(unchecked: Array(".dockerignore".utf8))

    private mutating func openDirectory(of path: ArchivePath) throws(ArchiveError) {
        guard !path.isEntry(of: openDirectory) else { return }
        openDirectory = path.parent
        try writeDirectory(openDirectory)
    }

    /// Writes a directory once, after those above it, which the ignore rules may have excluded or the source left out.
    private mutating func writeDirectory(_ path: ArchivePath) throws(ArchiveError) {
        guard !path.isRoot, !directories.contains(path) else { return }
        try writeDirectory(path.parent)
        directories.insert(path)
        try writeHeader(path, .directory, isExecutable: false)
    }

    private mutating func writeHeader(
        _ path: ArchivePath, _ kind: MemberKind, isExecutable: Bool
    ) throws(ArchiveError) {
        members += 1
        guard members <= limits.members else {
            throw .tooLarge(
                "the build context", limit: "members", value: limits.members, unit: "members", member: path.bytes)
        }
        if case .file(let size) = kind {
            files += 1
            guard output.bytes + size <= limits.expandedBytes else {
                throw .tooLarge(
                    "the build context", limit: "expandedBytes", value: limits.expandedBytes, member: path.bytes)
            }
        }
        try output.append(encoder.header(path: path, kind: kind, isExecutable: isExecutable))
    }

    private func checkComplete() throws(ArchiveError) {
        guard hasContext else {
            throw .invalid("the build context is not in the source", member: plan.contextDirectory.bytes)
        }
        guard !hasDockerfile, case .inContext(let path) = plan.dockerfile else { return }
        throw .invalid("the Dockerfile is not a file in the build context", member: path.bytes)
    }
}

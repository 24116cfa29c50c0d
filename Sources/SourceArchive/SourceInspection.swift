/// What a source holds, as ``inspectSource(_:limits:capture:isCancelled:)`` found it; paths are below the top folder.
package struct SourceInspection: Sendable {
    /// The commit that the archive says it was made from; nil for a directory, and for an archive of a bare tree.
    package let commit: String?
    /// The commit's time in seconds since 1970, from the first member; 0 for a directory.
    package let commitTime: Int64
    /// Members below the top folder.
    package let members: Int
    /// The sizes of all files together.
    package let expandedBytes: Int64
    /// The contents of the files that were asked for.
    package let captured: [ArchivePath: [UInt8]]
    /// For the user: links that point outside, entries that were left out; at most 21.
    package let warnings: [String]

    let index: SourceIndex

    /// What the member at `path` is, or nil when there is none: nothing is looked up through a symbolic link.
    package func kind(of path: ArchivePath) -> MemberKind? {
        index.kind(of: path)
    }

    /// The first symbolic link among `path` and the directories on the way to it.
    package func symlink(onTheWayTo path: ArchivePath) -> ArchivePath? {
        for end in path.bytes.indices.filter({ path.bytes[$0] == slash }) + [path.bytes.count] {
            let ancestor = ArchivePath(unchecked: Array(path.bytes[..<end]))
            if case .symlink = kind(of: ancestor) { return ancestor }
        }
        return nil
    }
}

/// Pass 1: reads and checks all of `tree`, and takes out the small files that `capture` wants.
///
/// For an archive that is the whole gzip stream with its trailer, and the whole tar with its end. For a directory it is
/// all names and sizes; only captured files are opened. Blocks: call it on a thread of its own.
///
/// - Parameters:
///   - capture: is asked once for each file, with its path and size. Wanting one over `capturedFileBytes` is an error.
///   - isCancelled: is asked at least once for each 256 KiB.
package func inspectSource(
    _ tree: SourceTree, limits: ArchiveLimits = .standard,
    capture: @Sendable (ArchivePath, Int64) -> Bool, isCancelled: @Sendable () -> Bool
) throws(ArchiveError) -> SourceInspection {
    try withoutActuallyEscaping(isCancelled) { isCancelled throws(ArchiveError) in
        let reader = try tree.reader(limits: limits, isCancelled: isCancelled)
        return try inspect(reader, limits: limits, capture: capture)
    }
}

func inspect(
    _ reader: any MemberReader, limits: ArchiveLimits, capture: (ArchivePath, Int64) -> Bool
) throws(ArchiveError) -> SourceInspection {
    var captured = CapturedFiles(limits: limits)
    var members = 0
    var expandedBytes: Int64 = 0
    while let member = try reader.next() {
        members += 1
        guard case .file(let size) = member.kind else { continue }
        expandedBytes += size
        if capture(member.path, size) { try captured.take(member.path, size, from: reader) }
    }
    return SourceInspection(
        commit: reader.commit, commitTime: reader.commitTime, members: members, expandedBytes: expandedBytes,
        captured: captured.files, warnings: reader.warnings.texts, index: reader.index)
}

private struct CapturedFiles {
    let limits: ArchiveLimits
    private(set) var files: [ArchivePath: [UInt8]] = [:]
    private var total: Int64 = 0

    init(limits: ArchiveLimits) {
        self.limits = limits
    }

    mutating func take(_ path: ArchivePath, _ size: Int64, from reader: any MemberReader) throws(ArchiveError) {
        guard size <= limits.capturedFileBytes else {
            throw .tooLarge(
                "the file", limit: "capturedFileBytes", value: limits.capturedFileBytes, member: path.bytes)
        }
        guard total + size <= limits.capturedTotalBytes else {
            throw .tooLarge(
                "all such files together", limit: "capturedTotalBytes", value: limits.capturedTotalBytes,
                member: path.bytes)
        }
        total += size
        var contents: [UInt8] = []
        contents.reserveCapacity(Int(size))
        while try reader.readContents({ contents += $0 }) {}
        files[path] = contents
    }
}

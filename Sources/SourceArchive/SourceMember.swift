/// What a member of a source is.
package enum MemberKind: Sendable, Hashable {
    case file(size: Int64)
    case directory
    /// The target as written; it is never followed.
    case symlink(target: [UInt8])
}

/// One member of a source that passed every check, its path below the top folder.
struct SourceMember {
    let path: ArchivePath
    let kind: MemberKind
    let isExecutable: Bool
}

/// A source as a sequence of checked members, each followed by its contents; all calls block.
protocol MemberReader: AnyObject {
    /// The next member; what was not read of the last one's contents is skipped.
    ///
    /// Nil only when the whole source was read and found good.
    func next() throws(ArchiveError) -> SourceMember?

    /// Hands out a piece of the last member's contents; false at its end, without a call.
    func readContents(_ body: (ArraySlice<UInt8>) throws(ArchiveError) -> Void) throws(ArchiveError) -> Bool

    /// Leaves out what is below the directory that `next()` just answered, where that saves work.
    func skipChildren()

    /// All members answered so far.
    var index: SourceIndex { get }
    var warnings: WarningList { get }
    var commit: String? { get }
    /// The archive's time in seconds since 1970; 0 for a directory.
    var commitTime: Int64 { get }
}

/// Where a source is read from.
package enum SourceTree: Sendable, Hashable {
    /// A `.tar.gz` file with one top folder, as GitHub and `git archive --prefix` write it.
    case archive(spool: String)
    /// A directory, read in place. A `.git` at its root is no part of it.
    case directory(path: String)

    func reader(
        limits: ArchiveLimits, isCancelled: @escaping () -> Bool
    ) throws(ArchiveError) -> any MemberReader {
        switch self {
        case .archive(let spool):
            try ArchiveReader(path: spool, limits: limits, isCancelled: isCancelled)
        case .directory(let path):
            try DirectoryReader(path: path, limits: limits, isCancelled: isCancelled)
        }
    }
}

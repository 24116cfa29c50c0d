internal import Glibc

/// Reads a directory in place, in Git's order, below one directory descriptor and never through a link.
///
/// A `.git` at the root is left out. Sockets, named pipes and devices are left out with a warning. A file that is not the
/// one that was listed, or is written to until its end is read, is an error.
final class DirectoryReader: MemberReader {
    private struct Level {
        let directory: OwnedDescriptor
        let path: ArchivePath
        let entries: [DirectoryEntry]
        var position = 0
    }

    private let limits: ArchiveLimits
    private let isCancelled: () -> Bool
    private var levels: [Level] = []
    /// The directory answered last: it is opened when its children are asked for.
    private var unopened: (entry: DirectoryEntry, path: ArchivePath)?
    private var file: OpenFile?
    private var unread: (entry: DirectoryEntry, path: ArchivePath)?
    private var window: [UInt8] = []

    private(set) var index: SourceIndex
    private(set) var warnings = WarningList()

    private struct OpenFile {
        let descriptor: OwnedDescriptor
        let path: ArchivePath
        let state: FileState
        var remaining: Int64
    }

    init(path: String, limits: ArchiveLimits, isCancelled: @escaping () -> Bool) throws(ArchiveError) {
        self.limits = limits
        self.isCancelled = isCancelled
        self.index = SourceIndex(
            nodeLimit: limits.directoryMembers, nodeLimitName: "directoryMembers", byteLimit: limits.indexBytes)
        let root = try OwnedDescriptor(openingDirectory: path)
        let entries = try root.entries(of: .root, limits: limits).filter { $0.name != Self.gitDirectory }
        levels = [Level(directory: root, path: .root, entries: entries)]
    }

    private static let gitDirectory = Array(".git".utf8)

    var commit: String? { nil }
    var commitTime: Int64 { 0 }

    func next() throws(ArchiveError) -> SourceMember? {
        file = nil
        unread = nil
        try openChildren()
        while let level = levels.last {
            guard !isCancelled() else { throw .cancelled }
            guard level.position < level.entries.count else {
                levels.removeLast()
                continue
            }
            levels[levels.count - 1].position += 1
            if let member = try member(level.entries[level.position], in: level) { return member }
        }
        return nil
    }

    func skipChildren() {
        unopened = nil
    }

    func readContents(_ body: (ArraySlice<UInt8>) throws(ArchiveError) -> Void) throws(ArchiveError) -> Bool {
        guard !isCancelled() else { throw .cancelled }
        if let unread { file = try open(unread.entry, unread.path) }
        unread = nil
        guard let open = file else { return false }
        if window.isEmpty { window = Array(repeating: 0, count: ArchiveReader.standardWindowBytes) }
        let count = try open.descriptor.read(into: &window, shownAs: open.path.bytes)
        guard count > 0 else {
            // What was handed out is the file as it was listed only if nobody wrote to it in between.
            guard try state(of: open.descriptor, open.path) == open.state else { throw Self.changed(open.path) }
            guard open.remaining == 0 else { throw Self.changed(open.path) }
            file = nil
            return false
        }
        guard Int64(count) <= open.remaining else { throw Self.changed(open.path) }
        file?.remaining -= Int64(count)
        try body(window[..<count])
        return true
    }

    private func openChildren() throws(ArchiveError) {
        guard let (entry, path) = unopened, let above = levels.last else { return }
        unopened = nil
        let directory = try OwnedDescriptor(
            entry: entry.name, of: above.directory, isDirectory: true, shownAs: path.bytes)
        levels.append(Level(directory: directory, path: path, entries: try directory.entries(of: path, limits: limits)))
    }

    private func member(_ entry: DirectoryEntry, in level: Level) throws(ArchiveError) -> SourceMember? {
        let name = level.path.isRoot ? entry.name : level.path.bytes + [slash] + entry.name
        let path = try ArchivePath(validating: name, limits: limits)
        let kind: MemberKind
        switch entry.kind {
        case .special:
            warnings.add("\"\(path)\" is a socket, named pipe or device and was left out")
            return nil
        case .directory:
            kind = .directory
            unopened = (entry, path)
        case .symlink(let target):
            kind = .symlink(target: target)
            warnings.check(link: path, target: target)
        case .file(let size):
            guard size <= limits.fileBytes else {
                throw .tooLarge("the file", limit: "fileBytes", value: limits.fileBytes, member: path.bytes)
            }
            kind = .file(size: size)
            unread = (entry, path)
        }
        try index.insert(path, kind)
        return SourceMember(path: path, kind: kind, isExecutable: entry.isExecutable)
    }

    private func open(_ entry: DirectoryEntry, _ path: ArchivePath) throws(ArchiveError) -> OpenFile? {
        guard let level = levels.last, case .file(let size) = entry.kind else { return nil }
        let descriptor = try OwnedDescriptor(
            entry: entry.name, of: level.directory, isDirectory: false, shownAs: path.bytes)
        guard try state(of: descriptor, path) == entry.state else { throw Self.changed(path) }
        return OpenFile(descriptor: descriptor, path: path, state: entry.state, remaining: size)
    }

    private func state(of descriptor: OwnedDescriptor, _ path: ArchivePath) throws(ArchiveError) -> FileState {
        FileState(try descriptor.status(shownAs: path.bytes))
    }

    private static func changed(_ path: ArchivePath) -> ArchiveError {
        ArchiveError(.changed, "the file changed while it was read", member: path.bytes)
    }
}

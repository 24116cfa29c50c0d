internal import Glibc
internal import SystemPackage

/// One entry of a directory, as `lstat` saw it.
struct DirectoryEntry {
    enum Kind {
        case file(size: Int64)
        case directory
        case symlink(target: [UInt8])
        /// A socket, named pipe or device.
        case special
    }

    let name: [UInt8]
    let kind: Kind
    let isExecutable: Bool
    let state: FileState

    /// Git's order of tree entries: bytes, a directory's name with a slash behind it.
    static func inTreeOrder(_ left: DirectoryEntry, _ right: DirectoryEntry) -> Bool {
        left.sortKey.lexicographicallyPrecedes(right.sortKey)
    }

    private var sortKey: [UInt8] {
        if case .directory = kind { name + [slash] } else { name }
    }
}

extension OwnedDescriptor {
    /// The entries of this directory in Git's order, `.` and `..` left out.
    ///
    /// - Parameters:
    ///   - path: this directory's path, for errors.
    ///   - limits: `directoryMembers` bounds one listing too, before any of it is indexed.
    func entries(of path: ArchivePath, limits: ArchiveLimits) throws(ArchiveError) -> [DirectoryEntry] {
        var entries: [DirectoryEntry] = []
        for name in try names(of: path, limit: limits.directoryMembers) {
            let shownName = path.isRoot ? name : path.bytes + [slash] + name
            if let entry = try entry(name, shownAs: shownName) { entries.append(entry) }
        }
        entries.sort(by: DirectoryEntry.inTreeOrder)
        return entries
    }

    private func names(of path: ArchivePath, limit: Int) throws(ArchiveError) -> [[UInt8]] {
        // closedir closes the descriptor it was given: it gets its own.
        let copy = fcntl(raw, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .system(errno, "could not be listed", path.bytes) }
        guard let stream = unsafe fdopendir(copy) else {
            let number = errno
            _ = close(copy)
            throw .system(number, "could not be listed", path.bytes)
        }
        defer { unsafe _ = closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw .system(errno, "could not be listed", path.bytes) }
                return names
            }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
                    unsafe Array(UnsafeBufferPointer(start: bytes, count: 256).prefix { $0 != 0 })
                }
            }
            if name == [dot] || name == [dot, dot] { continue }
            guard names.count < limit else {
                throw .tooLarge(
                    "the directory", limit: "directoryMembers", value: limit, unit: "members", member: path.bytes)
            }
            names.append(name)
        }
    }

    /// Nil when there is no such entry, or it was removed since the listing.
    func entry(_ name: [UInt8], shownAs shownName: [UInt8]) throws(ArchiveError) -> DirectoryEntry? {
        var status = stat()
        let number = unsafe withCPath(name) { path in
            unsafe fstatat(raw, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno
        }
        guard number == 0 else {
            if number == ENOENT { return nil }
            throw .system(number, "could not be examined", shownName)
        }
        let kind: DirectoryEntry.Kind
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file(size: Int64(status.st_size))
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symlink(target: try linkTarget(of: name, shownAs: shownName))
        default: kind = .special
        }
        return DirectoryEntry(
            name: name, kind: kind, isExecutable: status.st_mode & S_IXUSR != 0, state: FileState(status))
    }

    private func linkTarget(of name: [UInt8], shownAs shownName: [UInt8]) throws(ArchiveError) -> [UInt8] {
        // Linux keeps no target longer than PATH_MAX - 1.
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let (length, number) = unsafe withCPath(name) { path in
            let length = unsafe readlinkat(raw, path, &target, Int(PATH_MAX))
            return (length, errno)
        }
        guard length > 0 else { throw .system(number, "the link could not be read", listed: shownName) }
        return target.prefix(length).map { UInt8(bitPattern: $0) }
    }
}

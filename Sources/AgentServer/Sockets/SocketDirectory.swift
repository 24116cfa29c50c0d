internal import Glibc

/// The directory that protects the socket: search permission on it is what connect(2) is sure to check (unix(7)).
enum SocketDirectory {
    /// Creates the directory when it is missing, and refuses one that others could reach or swap.
    ///
    /// The check uses lstat, so a symbolic link in the directory's place is refused too.
    static func prepare(_ path: String, access: SocketAccess) throws(SocketError) {
        try create(path, access: access)
        guard let status = FileStatus(path: path) else {
            throw .system("lstat", path, errno: errno)
        }
        guard status.isDirectory else {
            throw SocketError(.directoryUnsafe, "\(path) is not a directory; the socket needs a directory of its own.")
        }
        guard status.uid == geteuid() else {
            throw SocketError(
                .directoryUnsafe,
                "\(path) belongs to uid \(status.uid), not to us (\(geteuid())): whoever owns it could replace the socket."
            )
        }
        try restrictToGroup(path, status, access)
        guard status.permissions & ~access.directoryMode == 0 else {
            let mode = String(status.permissions, radix: 8)
            let wanted = String(access.directoryMode, radix: 8)
            throw SocketError(
                .directoryUnsafe,
                "\(path) has mode \(mode), so others could reach the socket: choose a directory of its own with --socket, or run `chmod \(wanted) \(path)`."
            )
        }
    }

    /// mkdir(2) with the final mode from the start, parents included.
    private static func create(_ path: String, access: SocketAccess) throws(SocketError) {
        if FileStatus(path: path) != nil { return }
        let parent = SocketPath.directory(of: path)
        if parent != path, FileStatus(path: parent) == nil { try create(parent, access: access) }
        guard unsafe mkdir(path, access.directoryMode) == 0 || errno == EEXIST else {
            throw .system("mkdir", path, errno: errno)
        }
    }

    /// Gives a directory of ours to the group that may use the socket; the umask may have taken its permission away.
    private static func restrictToGroup(
        _ path: String, _ status: FileStatus, _ access: SocketAccess
    ) throws(SocketError) {
        guard case .group(let gid) = access, status.permissions & ~access.directoryMode == 0 else { return }
        if status.gid != gid, unsafe chown(path, uid_t.max, gid) != 0 {
            throw .system("chown", path, errno: errno)
        }
        guard unsafe chmod(path, access.directoryMode) == 0 else {
            throw .system("chmod", path, errno: errno)
        }
    }
}

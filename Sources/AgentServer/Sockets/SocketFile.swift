internal import CLinuxShims
internal import Glibc
internal import NIOConcurrencyHelpers

/// A bound, listening unix socket at a path that is ours while this object lives.
///
/// A live agent's socket is never taken: the right to a path is an flock(2) on `PATH.lock`, which dies with its process, and
/// under that lock the path is dialled before anything there is removed. The lock file itself stays: unlinking it would let two
/// agents hold "the" lock.
final class SocketFile: Sendable {
    /// Connections the kernel keeps for us until we accept them.
    static let backlog: CInt = 4_096

    let path: String
    /// The listening socket, non-blocking and close-on-exec; whoever serves it owns and closes it.
    let listener: CInt
    /// Nil, with the next, for a socket that a service manager has bound.
    private let lock: CInt?
    private let identity: FileStatus?

    private init(path: String, listener: CInt, lock: CInt, identity: FileStatus) {
        self.path = path
        self.listener = listener
        self.lock = lock
        self.identity = identity
    }

    /// One that somebody else has bound.
    init(inherited listener: CInt, path: String) {
        self.path = path
        self.listener = listener
        lock = nil
        identity = nil
    }

    deinit {
        if let lock { close(lock) }
    }

    /// Claims `path` and listens there, making its directory when it is missing.
    static func listen(at path: String, access: SocketAccess) throws(SocketError) -> SocketFile {
        try checkLength(path)
        try SocketDirectory.prepare(SocketPath.directory(of: path), access: access)
        let lock = try takeLock(path + ".lock")
        do throws(SocketError) {
            try removeStale(path)
            return try bind(path, access: access, lock: lock)
        } catch {
            close(lock)
            throw error
        }
    }

    /// Removes the socket from the file system, unless something else has taken its place.
    func unlinkIfOurs() {
        guard let identity, let status = FileStatus(path: path), status.device == identity.device,
            status.inode == identity.inode
        else { return }
        unsafe unlink(path)
    }

    static func checkLength(_ path: String) throws(SocketError) {
        let limit = Int(CLinuxShims_path_limit())
        guard path.utf8.count <= limit else {
            throw SocketError(
                .pathTooLong,
                "The socket path \(path) has \(path.utf8.count) bytes; Linux takes at most \(limit). Choose a shorter one with --socket."
            )
        }
        guard !path.utf8.contains(0), !path.isEmpty else {
            throw SocketError(.pathTooLong, "The socket path is empty or has a NUL byte.")
        }
    }

    private static func takeLock(_ path: String) throws(SocketError) -> CInt {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("open", path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            guard reason == EWOULDBLOCK else { throw .system("flock", path, errno: reason) }
            throw SocketError(.alreadyRunning, "Another agent is serving this socket: it holds \(path).")
        }
        return descriptor
    }

    /// Removes a socket nobody listens on; called under the lock.
    private static func removeStale(_ path: String) throws(SocketError) {
        guard let status = FileStatus(path: path) else { return }
        guard status.isSocket else {
            throw SocketError(.notASocket, "\(path) exists and is not a socket; it was left alone.")
        }
        if try UnixConnection.answers(at: path) {
            throw SocketError(.alreadyRunning, "Another program is listening on \(path); it was left alone.")
        }
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw .system("unlink", path, errno: errno)
        }
    }

    private static func bind(_ path: String, access: SocketAccess, lock: CInt) throws(SocketError) -> SocketFile {
        let listener = CLinuxShims_unix_socket(1)
        guard listener >= 0 else { throw .system("socket", path, errno: -listener) }
        do throws(SocketError) {
            // Before bind, so that the file never has another mode, whatever the umask: Linux takes the inode's mode from here.
            guard fchmod(listener, access.socketMode) == 0 else { throw .system("fchmod", path, errno: errno) }
            let status = unsafe CLinuxShims_bind_unix(listener, path)
            guard status == 0 else { throw .system("bind", path, errno: -status) }
            if case .group(let gid) = access {
                // The umask takes the group's bits from the file, and the group is ours until it is changed.
                guard unsafe chown(path, uid_t.max, gid) == 0, unsafe chmod(path, access.socketMode) == 0 else {
                    throw .system("chown", path, errno: errno)
                }
            }
            guard Glibc.listen(listener, backlog) == 0 else { throw .system("listen", path, errno: errno) }
            guard let identity = FileStatus(path: path) else { throw .system("lstat", path, errno: errno) }
            return SocketFile(path: path, listener: listener, lock: lock, identity: identity)
        } catch {
            close(listener)
            throw error
        }
    }
}

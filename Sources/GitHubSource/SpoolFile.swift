import Glibc

/// An open file of the cache with a lock on it; closing it gives the lock up.
///
/// All calls block.
///
/// The lock (`flock`) belongs to the open file, not to the process, so it works among agents that share a cache directory
/// and among the starts of one agent alike. A file being written is locked exclusively, a file being read is shared.
/// The only file of this module that touches raw memory.
final class SpoolFile: Sendable {
    let path: String
    private let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Creates a file for writing; throws when the name exists.
    static func create(_ path: String) throws(FileError) -> SpoolFile {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileError("create", path) }
        let file = SpoolFile(path: path, descriptor: descriptor)
        guard file.lock(LOCK_EX) else { throw FileError("lock", path) }
        return file
    }

    /// Opens a file and locks it for reading; nil when there is none, or somebody is about to remove it.
    static func openShared(_ path: String) throws(FileError) -> SpoolFile? {
        try openLocked(path, LOCK_SH)
    }

    /// Opens a file and locks it for removal; nil when it is gone or in use.
    static func openExclusive(_ path: String) throws(FileError) -> SpoolFile? {
        try openLocked(path, LOCK_EX)
    }

    private static func openLocked(_ path: String, _ operation: Int32) throws(FileError) -> SpoolFile? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileError("open", path)
        }
        let file = SpoolFile(path: path, descriptor: descriptor)
        // Between our open and our lock somebody may have removed the file: then the lock is on nothing.
        guard file.lock(operation), try file.status().st_nlink > 0 else { return nil }
        return file
    }

    func write(_ bytes: [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw FileError("write", path)
            }
        }
    }

    /// Drops all that was written.
    func empty() throws(FileError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError("empty", path) }
    }

    /// Makes the contents durable and gives the file its final name; from then on it is locked for reading only.
    func publish(as final: String) throws(FileError) -> SpoolFile {
        guard fsync(descriptor) == 0 else { throw FileError("flush", path) }
        guard unsafe rename(path, final) == 0 else { throw FileError("rename", path) }
        // The same open file under another name; duplicated so that each object closes its own.
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw FileError("open", final) }
        let published = SpoolFile(path: final, descriptor: copy)
        guard published.lock(LOCK_SH) else { throw FileError("lock", final) }
        return published
    }

    /// The size in bytes.
    func size() throws(FileError) -> Int64 { Int64(try status().st_size) }

    /// The first bytes, at most `count`.
    func head(_ count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let taken = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard taken >= 0 else { throw FileError("read", path) }
        return Array(bytes.prefix(taken))
    }

    /// Marks the file as used now.
    func touch() throws(FileError) {
        guard futimens(descriptor, nil) == 0 else { throw FileError("mark", path) }
    }

    func remove() throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw FileError("remove", path) }
    }

    /// Throws unless `path` is a directory of ours that nobody else may write to.
    static func requirePrivateDirectory(_ path: String) throws(FileError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError("open", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError("use", path, code: ENOTDIR) }
        guard status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw FileError("trust", path, code: EPERM)
        }
    }

    /// The size and the time of last use of a regular file; nil when there is none.
    static func usage(of path: String) -> (bytes: Int64, seconds: Int, nanoseconds: Int)? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return (Int64(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }

    private func lock(_ operation: Int32) -> Bool { flock(descriptor, operation | LOCK_NB) == 0 }

    private func status() throws(FileError) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw FileError("read", path) }
        return status
    }
}

/// A system call on a file of the cache that failed.
struct FileError: Error {
    let action: String
    let path: String
    let code: Int32

    init(_ action: String, _ path: String, code: Int32 = errno) {
        self.action = action
        self.path = path
        self.code = code
    }

    var sourceError: SourceError {
        let reason = unsafe String(cString: strerror(code))
        let message = "Cannot \(action) \(SafeText.plain(path)): \(reason)"
        if code == ENOSPC || code == EDQUOT {
            return SourceError(
                SourceError.Code.diskFull, message,
                hint: "Free space on the disk of the cache directory, or move it with --cache-dir.", retryable: true)
        }
        return SourceError(
            SourceError.Code.stateUnwritable, message,
            hint: "The cache directory must belong to the agent's user with mode 0700; choose another with --cache-dir."
        )
    }
}

internal import Glibc
internal import SystemPackage

/// A file descriptor that is closed when its owner goes; all calls block.
final class OwnedDescriptor {
    let raw: Int32

    /// Takes over `raw`.
    init(owning raw: Int32) {
        self.raw = raw
    }

    deinit {
        // Only read from: closing it can lose nothing.
        _ = close(raw)
    }

    /// Opens a file of our own, the archive.
    convenience init(openingFile path: String) throws(ArchiveError) {
        try self.init(opening: path, O_RDONLY)
    }

    /// Opens the directory that the user named; links on the way to it are theirs, and followed.
    convenience init(openingDirectory path: String) throws(ArchiveError) {
        try self.init(opening: path, O_RDONLY | O_DIRECTORY)
    }

    private convenience init(opening path: String, _ flags: Int32) throws(ArchiveError) {
        let name = Array(path.utf8)
        guard !name.contains(0) else { throw .invalid("the path has a NUL byte", member: name) }
        switch Self.open(at: AT_FDCWD, name, flags) {
        case .success(let raw): self.init(owning: raw)
        case .failure(let error): throw .system(error.rawValue, "could not be opened", name)
        }
    }

    /// Opens one entry of a directory, never through a link, never waiting for a pipe's other end.
    ///
    /// - Parameter shownName: the entry's path, for errors.
    convenience init(
        entry name: [UInt8], of directory: OwnedDescriptor, isDirectory: Bool, shownAs shownName: [UInt8]
    ) throws(ArchiveError) {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | (isDirectory ? O_DIRECTORY : 0)
        switch Self.open(at: directory.raw, name, flags) {
        case .success(let raw): self.init(owning: raw)
        case .failure(let error): throw .system(error.rawValue, "could not be opened", listed: shownName)
        }
    }

    private static func open(at directory: Int32, _ name: [UInt8], _ flags: Int32) -> Result<Int32, Errno> {
        unsafe withCPath(name) { path in
            let raw = unsafe openat(directory, path, flags | O_CLOEXEC)
            return raw >= 0 ? .success(raw) : .failure(Errno(rawValue: errno))
        }
    }

    /// Reads up to `buffer.count` bytes; 0 at the end.
    func read(into buffer: inout [UInt8], shownAs name: [UInt8]? = nil) throws(ArchiveError) -> Int {
        do {
            return try unsafe buffer.withUnsafeMutableBytes { target in
                try unsafe FileDescriptor(rawValue: raw).read(into: target)
            }
        } catch let error as Errno {
            throw .system(error.rawValue, "could not be read", name)
        } catch {
            throw ArchiveError(.io, "could not be read: \(error)", member: name)
        }
    }

    func status(shownAs name: [UInt8]) throws(ArchiveError) -> stat {
        var status = stat()
        guard unsafe fstat(raw, &status) == 0 else { throw .system(errno, "could not be examined", name) }
        return status
    }
}

/// Calls `body` with `bytes` as a C string; they hold no NUL.
func withCPath<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let terminated = bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe terminated.withUnsafeBufferPointer { buffer in
        // Never empty: it has its NUL.
        guard let base = buffer.baseAddress else { preconditionFailure("an array with a NUL has no storage") }
        return unsafe body(base)
    }
}

extension ArchiveError {
    /// The error for a failed call on `name`.
    static func system(_ number: Int32, _ what: String, _ name: [UInt8]?) -> ArchiveError {
        ArchiveError(.io, "\(what): \(Errno(rawValue: number))", member: name)
    }

    /// The error for a failed call on an entry that was listed before: gone, or a link or a file now, it has changed.
    static func system(_ number: Int32, _ what: String, listed name: [UInt8]) -> ArchiveError {
        let hasChanged = [ENOENT, ELOOP, ENOTDIR].contains(number)
        return ArchiveError(hasChanged ? .changed : .io, "\(what): \(Errno(rawValue: number))", member: name)
    }
}

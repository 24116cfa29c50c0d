import FoundationEssentials
import Glibc
import SystemPackage

/// The few file calls the log store and the journal need, all blocking.
///
/// The only file of this module that touches raw memory, apart from the wall clock and the port probe.
enum FileAccess {
    /// Creates `path` and what is missing above it; the last component gets mode 0700.
    static func makePrivateDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    static func removeTree(_ path: String) {
        // Losing this error is right: what is left behind is found and removed at the next start.
        try? FileManager.default.removeItem(atPath: path)
    }

    static func names(in directory: String) -> [String] {
        // A directory that cannot be read has nothing we could use.
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }

    static func isDirectory(_ path: String) -> Bool {
        var directory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &directory) && directory
    }

    /// Reads up to `count` bytes at `offset`; fewer at the end of the file.
    static func read(_ file: FileDescriptor, at offset: Int64, count: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let taken = try unsafe file.read(fromAbsoluteOffset: offset + Int64(filled), into: rest)
                if taken == 0 { break }
                filled += taken
            }
        }
    }

    static func write(_ bytes: [UInt8], to file: FileDescriptor) throws {
        _ = try unsafe bytes.withUnsafeBytes { try unsafe file.writeAll($0) }
    }

    /// Flushes data and metadata of `file` to the disk.
    static func synchronize(_ file: FileDescriptor) throws(Errno) {
        while fsync(file.rawValue) != 0 {
            guard errno == EINTR else { throw Errno(rawValue: errno) }
        }
    }

    /// Makes a rename or a new name inside `directory` durable.
    static func synchronizeDirectory(_ directory: String) throws {
        let file = try FileDescriptor.open(FilePath(directory), .readOnly, options: [.directory, .closeOnExec])
        defer { try? file.close() }  // read only: nothing can be lost
        try synchronize(file)
    }

    /// The size in bytes; nil when the file cannot be opened.
    static func size(of path: String) -> Int64? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }  // read only: nothing can be lost
        return try? file.seek(offset: 0, from: .end)
    }
}

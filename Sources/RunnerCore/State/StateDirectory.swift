import FoundationEssentials
import Glibc
import SystemPackage

/// The directory that holds what must survive the agent: owner id, journal, logs.
///
/// One agent at a time.
///
/// The lock is a `flock` on `agent.lock`; it dies with the process, so it is never stale, and the file is never removed.
package final class StateDirectory: Sendable {
    package let path: String
    /// 32 hexadecimal digits, made once per directory: marks containers and images as ours.
    package let owner: String
    private let lock: FileDescriptor

    package enum OpenError: Error {
        /// Another live agent holds the directory.
        case held(processID: Int32?)
        case unusable(Failure)
    }

    /// Creates the directory (0700) when it is missing and takes the lock.
    ///
    /// Blocking, short.
    package init(path: String) throws(OpenError) {
        let lock: FileDescriptor
        do {
            try FileAccess.makePrivateDirectory(path)
            lock = try FileDescriptor.open(
                FilePath(path + "/agent.lock"), .readWrite, options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite])
        } catch {
            throw .unusable(Self.unwritable(path, error))
        }
        guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.text(of: lock).flatMap { Int32($0) }
            try? lock.close()  // nothing was written
            throw .held(processID: holder)
        }
        do {
            try lock.resize(to: 0)
            _ = try lock.writeAll(toAbsoluteOffset: 0, String(getpid()).utf8)
            owner = try Self.ownerID(in: path)
        } catch {
            try? lock.close()  // the caller gets the first error
            throw .unusable(Self.unwritable(path, error))
        }
        self.path = path
        self.lock = lock
    }

    deinit {
        try? lock.close()  // gives the lock back; nothing was written through it
    }

    private static func ownerID(in path: String) throws -> String {
        let file = try FileDescriptor.open(
            FilePath(path + "/owner"), .readWrite, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        defer { try? file.close() }  // synchronised below when it was written
        if let text = text(of: file), text.count == 32, text.allSatisfy(\.isHexDigit) { return text }
        var random = SystemRandomNumberGenerator()
        let owner = hexadecimal((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        try file.resize(to: 0)
        _ = try file.writeAll(toAbsoluteOffset: 0, owner.utf8)
        try FileAccess.synchronize(file)
        return owner
    }

    private static func text(of file: FileDescriptor) -> String? {
        guard let bytes = try? FileAccess.read(file, at: 0, count: 64), !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unwritable(_ path: String, _ error: any Error) -> Failure {
        Failure(
            .stateUnwritable, "the state directory \(path) cannot be used: \(error)",
            hint: "give another one with --state-dir, or make it writable for this user")
    }
}

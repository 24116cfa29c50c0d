import Crypto
import FoundationEssentials
import Glibc

/// The directory behind the archive cache.
///
/// Every function blocks and belongs on the cache's own thread.
struct ArchiveSpool: Sendable {
    let directory: String
    let limitBytes: Int64

    private static let archiveSuffix = ".tar.gz"
    private static let partSuffix = ".part"
    /// A gzip header and trailer around nothing.
    private static let smallestArchive = 18
    private static let gzipMagic: [UInt8] = [0x1F, 0x8B]

    /// The name of a source's archive; without regard to case, as GitHub's names are.
    static func key(for source: ResolvedSource) -> String {
        let identity = "\(source.host)/\(source.owner)/\(source.repository)/\(source.commit)".lowercased()
        return SHA256.hash(data: Array(identity.utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }

    func path(of key: String) -> String { "\(directory)/\(key)\(Self.archiveSuffix)" }

    /// Removes what an agent that was killed left half written; a file that is being written is locked and stays.
    func removeLeftovers() {
        for name in names() where name.hasSuffix(Self.partSuffix) {
            removeUnlessUsed("\(directory)/\(name)")
        }
    }

    /// The archive, locked against removal, and marked as used; nil when there is none or it is damaged.
    func find(_ key: String) throws(FileError) -> SpoolFile? {
        guard let file = try SpoolFile.openShared(path(of: key)) else { return nil }
        guard try isPlausible(file) else {
            try file.remove()
            return nil
        }
        try file.touch()
        return file
    }

    /// A new file to write an archive to.
    func begin(_ key: String) throws(FileError) -> SpoolFile {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            let cause = (error as? CocoaError)?.underlying as? POSIXError
            throw FileError("create", directory, code: cause?.code.rawValue ?? POSIXError.Code.EIO.rawValue)
        }
        try SpoolFile.requirePrivateDirectory(directory)
        return try SpoolFile.create("\(directory)/\(key).\(UInt64.random(in: 0 ... .max))\(Self.partSuffix)")
    }

    /// Gives a whole file its name and makes room by removing those unused for longest; nil when it is no gzip file.
    func finish(_ part: SpoolFile, _ key: String) throws(FileError) -> SpoolFile? {
        guard try isPlausible(part) else { return nil }
        let file = try part.publish(as: path(of: key))
        makeRoom()
        return file
    }

    func discard(_ part: SpoolFile) {
        // Losing the error is right: what stays is removed by the next agent that starts.
        try? part.remove()
    }

    /// Removes an archive that turned out to be damaged, whoever reads it.
    func drop(_ key: String) {
        // Losing the error is right: there is nothing to drop, or the next download replaces it.
        try? SpoolFile.openShared(path(of: key))?.remove()
    }

    /// Removes archives until the rest fits; one in use is left, so the directory may be larger for a while.
    private func makeRoom() {
        var archives = names().filter { $0.hasSuffix(Self.archiveSuffix) }.compactMap { name in
            SpoolFile.usage(of: "\(directory)/\(name)").map { (path: "\(directory)/\(name)", usage: $0) }
        }
        archives.sort { ($0.usage.seconds, $0.usage.nanoseconds) < ($1.usage.seconds, $1.usage.nanoseconds) }
        var total = archives.reduce(0) { $0 + $1.usage.bytes }
        for archive in archives where total > limitBytes {
            if removeUnlessUsed(archive.path) { total -= archive.usage.bytes }
        }
    }

    @discardableResult
    private func removeUnlessUsed(_ path: String) -> Bool {
        // Losing the error is right: a file that cannot be opened or removed stays, and is tried again next time.
        guard let file = try? SpoolFile.openExclusive(path) else { return false }
        return (try? file.remove()) != nil
    }

    private func isPlausible(_ file: SpoolFile) throws(FileError) -> Bool {
        guard try file.size() >= Self.smallestArchive else { return false }
        return try file.head(Self.gzipMagic.count) == Self.gzipMagic
    }

    private func names() -> [String] {
        // A directory that cannot be read holds nothing that could be removed.
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }
}

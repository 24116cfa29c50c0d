/// Downloaded archives on disk, by repository and commit.
///
/// A commit's archive never changes, so one that is here is served without asking anybody. Files appear whole or not at
/// all, in a directory only the agent's user can enter. The directory is kept within its limit by removing what was not
/// used for longest; an archive that is being read stays.
package final class ArchiveCache: Sendable {
    private let spool: ArchiveSpool
    private let queue = FileQueue(label: "archive-cache")
    private let gate = KeyedGate()

    /// Touches nothing but leftovers of earlier downloads; the directory is made when it is first needed.
    package init(directory: String, limitBytes: Int64) {
        let spool = ArchiveSpool(directory: directory, limitBytes: limitBytes)
        self.spool = spool
        queue.submit { spool.removeLeftovers() }
    }

    /// The archive of a source, from the cache or else by `download`.
    ///
    /// Tasks that want the same archive wait for each other, so it is downloaded once; when the first one fails or is
    /// cancelled, the next one tries with its own `download`.
    ///
    /// - Throws: what `download` throws, `DISK_FULL`, `STATE_UNWRITABLE`, `ARCHIVE_INVALID` or `CancellationError`.
    package func archive(
        for source: ResolvedSource, download: (ArchiveWriter) async throws -> Void
    ) async throws -> CachedArchive {
        let key = ArchiveSpool.key(for: source)
        try await gate.enter(key)
        do {
            let archive = try await archive(key, download)
            await gate.leave(key)
            return archive
        } catch {
            await gate.leave(key)
            throw error
        }
    }

    /// Forgets the archive of a source, because it turned out to be damaged.
    ///
    /// Takes effect before any later call.
    package func drop(_ source: ResolvedSource) {
        let key = ArchiveSpool.key(for: source)
        queue.submit { [spool] in spool.drop(key) }
    }

    private func archive(_ key: String, _ download: (ArchiveWriter) async throws -> Void) async throws -> CachedArchive
    {
        let spool = spool
        let found = try await queue.run { () throws(FileError) in try spool.find(key) }
        if let found { return CachedArchive(found, cached: true) }

        let part = try await queue.run { () throws(FileError) in try spool.begin(key) }
        do {
            try await download(writer(to: part))
            try Task.checkCancellation()
            guard let file = try await queue.run({ () throws(FileError) in try spool.finish(part, key) }) else {
                throw SourceError(
                    SourceError.Code.archiveInvalid, "The downloaded archive is not gzip data",
                    hint: "Try again; a proxy may have answered in GitHub's place.", retryable: true)
            }
            return CachedArchive(file, cached: false)
        } catch {
            queue.submit { spool.discard(part) }
            throw error
        }
    }

    private func writer(to part: SpoolFile) -> ArchiveWriter {
        ArchiveWriter(
            write: { [queue] bytes in try await queue.run { () throws(FileError) in try part.write(bytes) } },
            restart: { [queue] in try await queue.run { () throws(FileError) in try part.empty() } })
    }
}

/// An archive on disk.
///
/// It is not removed from the cache for as long as this object lives.
package final class CachedArchive: Sendable {
    /// Whether no download was needed.
    package let cached: Bool
    private let file: SpoolFile

    init(_ file: SpoolFile, cached: Bool) {
        self.file = file
        self.cached = cached
    }

    /// A gzip-compressed tar.
    package var path: String { file.path }
}

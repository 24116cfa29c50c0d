import Glibc
import TestSupport
import Testing

@testable import GitHubSource

@Suite struct ArchiveCacheTests {
    private let gzip: [UInt8] = [0x1F, 0x8B] + [UInt8](repeating: 7, count: 98)

    private func source(_ repository: String, host: String = "github.com") -> ResolvedSource {
        ResolvedSource(
            host: host, owner: "octo", repository: repository, ref: "main",
            commit: String(repeating: "a", count: 40), defaultBranch: "main")
    }

    private func fill(_ cache: ArchiveCache, _ repository: String) async throws -> CachedArchive {
        try await cache.archive(for: source(repository)) { [gzip] writer in try await writer(gzip) }
    }

    private struct DownloadFailed: Error {}

    @Test func `keeps archives private and whole`() async throws {
        try await withTemporaryDirectory { directory in
            let cache = ArchiveCache(directory: "\(directory)/a/b", limitBytes: 1 << 20)
            let archive = try await fill(cache, "demo")
            #expect(try readFile(archive.path) == gzip)
            #expect(try mode(of: archive.path) == 0o600)
            #expect(try mode(of: "\(directory)/a/b") == 0o700)
            #expect(try names(in: "\(directory)/a/b").count == 1)
        }
    }

    @Test func `tells repositories and hosts apart but not the case of names`() async throws {
        try await withTemporaryDirectory { directory in
            let cache = ArchiveCache(directory: directory, limitBytes: 1 << 20)
            #expect(try await fill(cache, "demo").cached == false)
            #expect(try await fill(cache, "Demo").cached)
            #expect(try await fill(cache, "other").cached == false)
            let elsewhere = try await cache.archive(for: source("demo", host: "ghe.example.com")) { [gzip] in
                try await $0(gzip)
            }
            #expect(elsewhere.cached == false)
        }
    }

    @Test func `writes a download that starts again from its beginning`() async throws {
        try await withTemporaryDirectory { directory in
            let cache = ArchiveCache(directory: directory, limitBytes: 1 << 20)
            let archive = try await cache.archive(for: source("demo")) { [gzip] writer in
                try await writer([1, 2, 3])
                try await writer.restart()
                try await writer(Array(gzip.prefix(50)))
                try await writer(Array(gzip.dropFirst(50)))
            }
            #expect(try readFile(archive.path) == gzip)
        }
    }

    @Test func `keeps nothing of a download that failed`() async throws {
        try await withTemporaryDirectory { directory in
            let cache = ArchiveCache(directory: directory, limitBytes: 1 << 20)
            await #expect(throws: DownloadFailed.self) {
                try await cache.archive(for: source("demo")) { [gzip] writer in
                    try await writer(gzip)
                    throw DownloadFailed()
                }
            }
            let again = try await fill(cache, "demo")
            #expect(again.cached == false)
            #expect(try names(in: directory).count == 1)
        }
    }

    @Test(arguments: [[], [0x1F], [0x1F, 0x8B], [UInt8](repeating: 0x3C, count: 100)])
    func `refuses to keep what is no archive`(_ bytes: [UInt8]) async throws {
        try await withTemporaryDirectory { directory in
            let cache = ArchiveCache(directory: directory, limitBytes: 1 << 20)
            let error = await #expect(throws: SourceError.self) {
                try await cache.archive(for: source("demo")) { try await $0(bytes) }
            }
            #expect(error?.code == "ARCHIVE_INVALID")
        }
    }

    @Test func `removes what was not used for longest`() async throws {
        try await withTemporaryDirectory { directory in
            let cache = ArchiveCache(directory: directory, limitBytes: 250)
            for name in ["first", "second", "first", "third"] { _ = try await fill(cache, name) }
            #expect(try names(in: directory).count == 2)
            let first = try await fill(cache, "first")
            #expect(first.cached)
            let second = try await fill(cache, "second")
            #expect(second.cached == false)
        }
    }

    @Test func `never removes what is in use`() async throws {
        try await withTemporaryDirectory { directory in
            let held = try await fill(ArchiveCache(directory: directory, limitBytes: 250), "held")
            let other = ArchiveCache(directory: directory, limitBytes: 250)
            for name in ["second", "third"] { _ = try await fill(other, name) }
            #expect(try readFile(held.path) == gzip)
            #expect(try names(in: directory).count == 2)
        }
    }

    @Test func `forgets an archive that was dropped`() async throws {
        try await withTemporaryDirectory { directory in
            let cache = ArchiveCache(directory: directory, limitBytes: 1 << 20)
            let held = try await fill(cache, "demo")
            cache.drop(source("demo"))
            #expect(try await fill(cache, "demo").cached == false)
            #expect(held.path.hasPrefix(directory))
        }
    }

    @Test func `downloads again when the file was damaged`() async throws {
        try await withTemporaryDirectory { directory in
            let path = try await fill(ArchiveCache(directory: directory, limitBytes: 1 << 20), "demo").path
            try writeTextFile("<html>, longer than the smallest archive", to: path)
            let archive = try await fill(ArchiveCache(directory: directory, limitBytes: 1 << 20), "demo")
            #expect(archive.cached == false)
            #expect(try readFile(archive.path) == gzip)
        }
    }

    @Test func `removes leftovers of a killed agent but not what another one is writing`() async throws {
        try await withTemporaryDirectory { directory in
            try writeTextFile("half", to: "\(directory)/x.1.part")
            let writing = ArchiveCache(directory: directory, limitBytes: 1 << 20)
            _ = try await writing.archive(for: source("demo")) { [gzip] writer in
                try await writer(gzip)
                let other = ArchiveCache(directory: directory, limitBytes: 1 << 20)
                _ = try await fill(other, "other")
                #expect(try names(in: directory).filter { $0.hasSuffix(".part") }.count == 1)
            }
            #expect(try names(in: directory).filter { $0.hasSuffix(".part") } == [])
        }
    }

    @Test func `names the directory it cannot use`() async throws {
        try await withTemporaryDirectory { directory in
            try writeTextFile("", to: "\(directory)/file")
            let blocked = ArchiveCache(directory: "\(directory)/file/cache", limitBytes: 1 << 20)
            let error = await #expect(throws: SourceError.self) { try await fill(blocked, "demo") }
            #expect(error?.code == "STATE_UNWRITABLE")
            #expect(error?.message.contains("\(directory)/file/cache") == true)
            #expect(error?.hint?.contains("--cache-dir") == true)

            try makeDirectory("\(directory)/shared")
            try changeMode(of: "\(directory)/shared", to: 0o777)
            let shared = ArchiveCache(directory: "\(directory)/shared", limitBytes: 1 << 20)
            let refusal = await #expect(throws: SourceError.self) { try await fill(shared, "demo") }
            #expect(refusal?.code == "STATE_UNWRITABLE")
        }
    }

    @Test(arguments: [
        (ENOSPC, "DISK_FULL"), (EDQUOT, "DISK_FULL"), (EROFS, "STATE_UNWRITABLE"), (EACCES, "STATE_UNWRITABLE"),
    ])
    func `tells a full disk from a forbidden one`(_ number: Int32, _ code: String) {
        let error = FileError("write", "/cache/x", code: number).sourceError
        #expect(error.code == code)
        #expect(error.message.hasPrefix("Cannot write /cache/x: "))
    }

    @Test func `lets the next one try when the first is cancelled`() async throws {
        try await withTemporaryDirectory { directory in
            let cache = ArchiveCache(directory: directory, limitBytes: 1 << 20)
            let (started, start) = AsyncStream<Void>.makeStream()
            let first = Task {
                try await cache.archive(for: source("demo")) { _ in
                    start.finish()
                    try await Task.sleep(for: .seconds(60))
                }
            }
            for await _ in started {}
            let second = Task { try await fill(cache, "demo") }
            let third = Task { try await fill(cache, "demo") }
            third.cancel()
            await #expect(throws: CancellationError.self) { try await third.value }
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            let archive = try await second.value
            #expect(archive.cached == false)
        }
    }
}

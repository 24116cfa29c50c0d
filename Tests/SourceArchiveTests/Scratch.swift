import Foundation
import Testing

@testable import SourceArchive

/// A temporary directory of one test.
struct Scratch {
    let path: String

    /// Runs `body` with a new directory, which is removed afterwards.
    static func with<Result>(_ body: (Scratch) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("archive-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }  // A leftover in /tmp fails no test.
        return try body(Scratch(path: url.path))
    }

    @discardableResult
    func write(_ name: String, _ contents: [UInt8], isExecutable: Bool = false) throws -> String {
        let full = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: isExecutable ? 0o755 : 0o644]
        try #require(FileManager.default.createFile(atPath: full, contents: Data(contents), attributes: attributes))
        return full
    }

    @discardableResult
    func write(_ name: String, _ contents: String, isExecutable: Bool = false) throws -> String {
        try write(name, Array(contents.utf8), isExecutable: isExecutable)
    }

    /// Runs a shell script in this directory and returns its output; a failure is an error of the test.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        process.environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": path, "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@b", "GIT_AUTHOR_DATE": "1700000000 +0000",
            "GIT_COMMITTER_DATE": "1700000000 +0000",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script)")
        return String(decoding: data, as: UTF8.self)
    }

    /// Writes `tar` gzipped and inspects it.
    func inspect(
        tar: [UInt8], limits: ArchiveLimits = .standard,
        capture: @Sendable (ArchivePath, Int64) -> Bool = { _, _ in true }
    ) throws -> SourceInspection {
        try inspect(gzip: GzipBuilder.member(tar), limits: limits, capture: capture)
    }

    func inspect(
        gzip: [UInt8], limits: ArchiveLimits = .standard,
        capture: @Sendable (ArchivePath, Int64) -> Bool = { _, _ in true }
    ) throws -> SourceInspection {
        let spool = try write("spool.tar.gz", gzip)
        return try inspectSource(.archive(spool: spool), limits: limits, capture: capture, isCancelled: { false })
    }

    /// Inspects the archive of the last call again, in windows of `windowBytes`.
    func inspect(windowBytes: Int) throws -> SourceInspection {
        let reader = try ArchiveReader(
            path: "\(path)/spool.tar.gz", limits: .standard, windowBytes: windowBytes, isCancelled: { false })
        return try SourceArchive.inspect(reader, limits: .standard, capture: { _, _ in true })
    }

    /// The error that inspecting `tar` ends in.
    func refusal(of tar: [UInt8], limits: ArchiveLimits = .standard) throws -> ArchiveError {
        try #require(throws: ArchiveError.self) { try inspect(tar: tar, limits: limits) }
    }

    func refusal(ofGzip gzip: [UInt8], limits: ArchiveLimits = .standard) throws -> ArchiveError {
        try #require(throws: ArchiveError.self) { try inspect(gzip: gzip, limits: limits) }
    }

    /// The context that `plan` makes of `tree`, whole.
    func context(
        of tree: SourceTree, _ plan: ContextPlan, limits: ArchiveLimits = .standard
    ) throws -> (tar: [UInt8], summary: ContextSummary) {
        var tar: [UInt8] = []
        let summary = try writeContext(of: tree, plan: plan, limits: limits, isCancelled: { false }) { tar += $0 }
        return (tar, summary)
    }
}

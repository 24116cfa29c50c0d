import SourceArchive
import SystemPackage

/// Reads an archive as a start does, for whoever measures this process.
///
///     archive-bench inspect FILE      pass 1 alone
///     archive-bench context FILE      both passes; the context is counted and dropped
///
/// Prints its peak of memory in KiB and how it ended. The limits are those that the goals of the benchmark name, far above the defaults.
@main
enum ArchiveBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, ["inspect", "context"].contains(arguments[1]) else { throw Usage() }
        do {
            let tree = SourceTree.archive(spool: arguments[2])
            let inspection = try inspect(tree)
            let isInspection = arguments[1] == "inspect"
            let outcome =
                isInspection ? "\(inspection.members) members" : "\(try contextBytes(of: tree, inspection)) bytes"
            print(try peakKibibytes(), outcome)
        } catch let error as ArchiveError {
            print(try peakKibibytes(), "refused: \(error.limit ?? error.message)")
        }
    }

    /// What getrusage(2) says would count the parent's memory before it became this program.
    private static func peakKibibytes() throws -> String {
        let file = try FileDescriptor.open(FilePath("/proc/self/status"), .readOnly)
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = try file.closeAfter { try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) } }
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
        let words = lines.first { $0.hasPrefix("VmHWM:") }?.split(whereSeparator: \.isWhitespace)
        return words.map { String($0[1]) } ?? "0"
    }

    private struct Usage: Error {}

    private static func inspect(_ tree: SourceTree) throws -> SourceInspection {
        let config = Array("config.yml".utf8)
        return try inspectSource(
            tree, limits: limits, capture: { path, _ in path.name.elementsEqual(config) }, isCancelled: { false })
    }

    private static func contextBytes(of tree: SourceTree, _ inspection: SourceInspection) throws -> Int {
        let plan = ContextPlan(
            contextDirectory: .root, ignore: try IgnoreRules(parsing: Array(".git\n**/*.tmp\n!keep.tmp\n".utf8)),
            dockerfile: .injected(name: ".dockerfile.0", contents: []), mtime: inspection.commitTime)
        var bytes = 0
        _ = try writeContext(of: tree, plan: plan, limits: limits, isCancelled: { false }, to: { bytes += $0.count })
        return bytes
    }

    private static var limits: ArchiveLimits {
        var limits = ArchiveLimits.standard
        limits.compressedBytes = 2 << 30
        limits.expandedBytes = 4 << 30
        limits.members = 200_000
        return limits
    }
}

import SourceArchive

/// Reads an archive as a start does, for whoever measures this process.
///
///     archive-bench inspect FILE      pass 1 alone
///     archive-bench context FILE      both passes; the context is counted and dropped
///
/// Prints how it ended. The limits are those that the goals of the benchmark name, far above the defaults.
@main
enum ArchiveBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, ["inspect", "context"].contains(arguments[1]) else { throw Usage() }
        do {
            let tree = SourceTree.archive(spool: arguments[2])
            let inspection = try inspect(tree)
            guard arguments[1] == "context" else { return print("\(inspection.members) members") }
            print("\(try contextBytes(of: tree, inspection)) bytes")
        } catch let error as ArchiveError {
            print("refused: \(error.limit ?? error.message)")
        }
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

import RunnerConfig
import SourceArchive
import SystemPackage

/// One piece of work on a file, for whoever measures this process.
///
///     archive-bench inspect FILE      pass 1 alone
///     archive-bench context FILE      both passes, as a start does them; the context is counted and dropped
///     archive-bench config FILE       reads a component's configuration
///
/// Prints two words, the milliseconds it took and how it ended. The limits are those that the goals of the benchmark
/// name, far above the defaults.
@main
enum ArchiveBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { throw Usage() }
        let start = ContinuousClock.now
        let outcome: String
        do {
            outcome = try run(arguments[1], arguments[2])
        } catch let error as ArchiveError {
            outcome = error.limit ?? error.message
        } catch let error as ConfigError {
            outcome = error.diagnostics.first?.message ?? "refused"
        }
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        print(Double(seconds) * 1000 + Double(attoseconds) / 1e15, outcome)
    }

    private struct Usage: Error {}

    private static func run(_ work: String, _ path: String) throws -> String {
        switch work {
        case "inspect": return "\(try inspect(path).members)"
        case "context": return "\(try context(path))"
        case "config":
            _ = try ComponentConfig.parse(contents(of: path))
            return "accepted"
        default: throw Usage()
        }
    }

    private static func inspect(_ path: String) throws -> SourceInspection {
        let config = Array("config.yml".utf8)
        return try inspectSource(
            .archive(spool: path), limits: limits, capture: { path, _ in path.name.elementsEqual(config) },
            isCancelled: { false })
    }

    /// The size of the context.
    private static func context(_ path: String) throws -> Int {
        let inspection = try inspect(path)
        let plan = ContextPlan(
            contextDirectory: .root, ignore: try IgnoreRules(parsing: Array(".git\n**/*.tmp\n!keep.tmp\n".utf8)),
            dockerfile: .injected(name: ".dockerfile.0", contents: []), mtime: inspection.commitTime)
        var bytes = 0
        _ = try writeContext(
            of: .archive(spool: path), plan: plan, limits: limits, isCancelled: { false }, to: { bytes += $0.count })
        return bytes
    }

    private static var limits: ArchiveLimits {
        var limits = ArchiveLimits.standard
        limits.compressedBytes = 2 << 30
        limits.expandedBytes = 4 << 30
        limits.members = 200_000
        return limits
    }

    private static func contents(of path: String) throws -> [UInt8] {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = try file.closeAfter { try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) } }
        return Array(bytes[..<count])
    }
}

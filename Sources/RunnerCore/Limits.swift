import RunnerConfig
import SourceArchive

/// Every limit of a start in one place; the agent's configuration may change those it names.
struct Limits: Sendable {
    var archive = ArchiveLimits.standard
    var logBytes: Int64 = 64 << 20
    var logTotalBytes: Int64 = 2 << 30
    var historyCount = 200
    var historyAge = Duration.seconds(7 * 86_400)
    var cacheBytes: Int64 = 2 << 30
    /// Configuration and ignore files are refused above this.
    let smallFileBytes: Int64 = 256 << 10
    let startTimeout = Duration.seconds(1800)
    /// How long a container must live to count as running.
    var checkingWindow = Duration.milliseconds(500)
    /// Between two tries to reach an engine for a container's output, growing.
    var outputPauses = (first: Duration.milliseconds(100), longest: Duration.seconds(10))
    /// Between two looks whether the engine still answers, while something runs.
    let engineCheckPause = Duration.seconds(10)
    /// Between two tries to have a container stopped, growing.
    var stopPauses = (first: Duration.seconds(1), longest: Duration.seconds(30))
    /// The engine must have removed a container or answered a short call within this.
    let cleanupTimeout = Duration.seconds(30)
    let logTailLines = 20
    /// Images kept per component, the newest first.
    let imagesPerComponent = 2

    /// The same decisions in another time.
    mutating func scale(by pace: Double) {
        checkingWindow = checkingWindow * pace
        outputPauses = (outputPauses.first * pace, outputPauses.longest * pace)
        stopPauses = (stopPauses.first * pace, stopPauses.longest * pace)
    }

    /// In the form `agent.info` and `initialize` show.
    var named: [(String, Int64)] {
        [
            ("archiveBytes", archive.compressedBytes), ("expandedBytes", archive.expandedBytes),
            ("members", Int64(archive.members)), ("logBytes", logBytes), ("logTotalBytes", logTotalBytes),
            ("historyCount", Int64(historyCount)), ("historyAgeSeconds", historyAge.components.seconds),
            ("cacheBytes", cacheBytes),
        ]
    }
}

/// What wrote a record.
package enum LogSource: UInt8, Sendable, CaseIterable {
    case stdout = 1
    case stderr = 2
    case agent = 3

    package var name: String {
        switch self {
        case .stdout: "stdout"
        case .stderr: "stderr"
        case .agent: "agent"
        }
    }

    package init?(name: String) {
        guard let match = LogSource.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

/// In which part of an instance's life a record was written.
package enum LogPhase: UInt8, Sendable, CaseIterable {
    case fetch = 1
    case build = 2
    case run = 3
    case health = 4
    case lifecycle = 5

    package var name: String {
        switch self {
        case .fetch: "fetch"
        case .build: "build"
        case .run: "run"
        case .health: "health"
        case .lifecycle: "lifecycle"
        }
    }

    package init?(name: String) {
        guard let match = LogPhase.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

/// One log line, or a part of one, or a statement that lines are missing.
package struct LogRecord: Sendable {
    package struct Gap: Sendable, Hashable {
        /// First and last missing `seq`.
        package var from: Int64
        package var to: Int64
        package var reason: String
    }

    /// Strictly increasing by one within an instance, from 1.
    package var seq: Int64
    package var time: WallTime
    package var phase: LogPhase
    package var stream: LogSource
    /// The line without its newline, exactly as written.
    package var bytes: [UInt8]
    /// The next record of this stream continues this one.
    package var partial: Bool
    /// The line was longer than the split limit.
    package var truncated: Bool
    package var gap: Gap?

    static func gap(from: Int64, to: Int64, reason: String) -> LogRecord {
        LogRecord(
            seq: to, time: .now(), phase: .lifecycle, stream: .agent, bytes: [], partial: false, truncated: false,
            gap: Gap(from: from, to: to, reason: reason))
    }
}

/// Which records a reader wants.
package struct LogQuery: Sendable {
    package var tail: Int?
    /// The last `seq` already seen.
    package var after: Int64?
    package var since: WallTime?
    package var until: WallTime?
    package var streams: Set<LogSource>?
    package var phases: Set<LogPhase>?
    package var limit: Int?

    package init() {}

    func matches(_ record: LogRecord) -> Bool {
        if record.gap != nil { return true }
        if let streams, !streams.contains(record.stream) { return false }
        if let phases, !phases.contains(record.phase) { return false }
        if let since, record.time < since { return false }
        if let until, record.time > until { return false }
        return true
    }
}

/// One page of records.
package struct LogPage: Sendable {
    package var records: [LogRecord]
    /// Ask with `after: nextSeq - 1` to go on.
    package var nextSeq: Int64
    /// More records exist than the limit let through.
    package var truncated: Bool
}

/// One batch for a follower.
package struct LogBatch: Sendable {
    package var records: [LogRecord]
    /// The resume point, past records that a filter left out.
    package var lastSeq: Int64
}

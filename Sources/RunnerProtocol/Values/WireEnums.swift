/// What an instance is doing.
package enum WireStatus: String, Sendable, CaseIterable {
    case starting, running, stopping, stopped, error
}

/// How far a start has come.
package enum WirePhase: String, Sendable, CaseIterable {
    case resolving, fetching, configuring, building, creating, starting, checking
}

/// What the health check says.
package enum WireHealth: String, Sendable, CaseIterable {
    case none, starting, healthy, unhealthy
}

/// What the agent was doing when a log record came.
package enum WireLogPhase: String, Sendable, CaseIterable {
    case fetch, build, run, health, lifecycle
}

/// Who wrote a log record.
package enum WireLogStream: String, Sendable, CaseIterable {
    case stdout, stderr, agent
}

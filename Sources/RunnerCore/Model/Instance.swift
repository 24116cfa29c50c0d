/// Where an instance stands, as the REST model of the runner plugin has it.
package enum InstanceStatus: String, Sendable, CaseIterable, Codable {
    /// Can go to `running`, `stopping` or `error`.
    case starting
    /// Can go to `stopping`, `stopped` (it ended by itself with code 0) or `error`.
    case running
    /// Can go to `stopped`.
    case stopping
    /// Final.
    case stopped
    /// Final.
    case error

    package var isTerminal: Bool { self == .stopped || self == .error }
}

/// How far a start has come; present only while `status` is `starting` or in a failure.
package enum StartPhase: String, Sendable, CaseIterable, Codable, Comparable {
    case resolving, fetching, configuring, building, creating, starting, checking

    package static func < (left: StartPhase, right: StartPhase) -> Bool { left.order < right.order }

    private var order: Int { StartPhase.allCases.firstIndex(of: self) ?? 0 }
}

/// What the health check says; it never gates `status`.
package enum HealthStatus: String, Sendable, Codable {
    case none, starting, healthy, unhealthy
}

/// One published port and the URL a person can open.
package struct Endpoint: Sendable, Hashable, Codable {
    package var containerPort: Int
    package var hostIP: String
    package var hostPort: Int
    package var url: String
}

/// Where the component's source came from.
package enum InstanceSource: Sendable, Hashable, Codable {
    case github(location: String, repository: String, ref: String, commit: String?, directory: String)
    case directory(path: String)
}

package struct InstanceImage: Sendable, Hashable, Codable {
    package var id: String
    /// True when an image of an earlier start was used and nothing was built.
    package var cached: Bool
}

package struct PhaseTiming: Sendable, Hashable, Codable {
    package var phase: StartPhase
    package var milliseconds: Int
}

/// A snapshot of one started component.
package struct Instance: Sendable, Codable {
    package let id: InstanceID
    package var componentRef: String
    package var status: InstanceStatus = .starting
    package var phase: StartPhase?
    package var containerID: String?
    package var startedAt: WallTime
    package var stoppedAt: WallTime?
    package var endpoints: [Endpoint] = []
    package var health: HealthStatus = .none
    package var source: InstanceSource
    package var image: InstanceImage?
    package var exitCode: Int?
    package var failure: Failure?
    package var warnings: [String] = []
    package var timings: [PhaseTiming] = []
    package var revision = 1
    package var stale = false
    package var requestedBy: String?

    package init(id: InstanceID, componentRef: String, startedAt: WallTime, source: InstanceSource) {
        self.id = id
        self.componentRef = componentRef
        self.startedAt = startedAt
        self.source = source
    }

    /// Host ports in the order of the configuration.
    package var ports: [Int] { endpoints.map(\.hostPort) }

    /// The `error` text of the REST model.
    package var errorText: String? { status == .error ? failure?.message : nil }
}

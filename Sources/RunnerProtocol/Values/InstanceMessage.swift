/// An instance as clients see it.
///
/// Absent optional members are left out.
package struct InstanceMessage: WireMessage {
    package var id: String
    package var componentRef: String
    package var status: WireStatus
    package var containerID: String?
    /// Host ports.
    package var ports: [Int] = []
    package var startedAt: WireTime
    package var stoppedAt: WireTime?
    package var error: String?
    package var phase: WirePhase?
    package var endpoints: [EndpointMessage] = []
    package var health: WireHealth = .none
    package var source: SourceMessage
    package var image: ImageMessage?
    package var exitCode: Int?
    package var failure: FailureMessage?
    package var warnings: [String] = []
    /// How long each finished phase took, in milliseconds, in order.
    package var timings: [(phase: WirePhase, milliseconds: Int)] = []
    /// Grows with every change.
    package var revision: Int
    /// The engine does not answer; this is what was last known.
    package var isStale = false

    package init(
        id: String, componentRef: String, status: WireStatus, startedAt: WireTime, source: SourceMessage, revision: Int
    ) {
        self.id = id
        self.componentRef = componentRef
        self.status = status
        self.startedAt = startedAt
        self.source = source
        self.revision = revision
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("componentRef", componentRef)
        writer.member("status", status.rawValue)
        writer.member("containerId", containerID)
        writer.key("ports")
        writer.array(ports) { $0.int($1) }
        writer.member("startedAt", startedAt)
        writer.member("stoppedAt", stoppedAt)
        writer.member("error", error)
        writer.member("phase", phase?.rawValue)
        writer.member("endpoints", endpoints)
        writer.member("health", health.rawValue)
        writer.member("source", source)
        writer.member("image", image)
        writer.member("exitCode", exitCode)
        writer.member("failure", failure)
        writer.member("warnings", warnings)
        writer.key("timings")
        writer.beginObject()
        for timing in timings { writer.member("\(timing.phase.rawValue)Ms", timing.milliseconds) }
        writer.endObject()
        writer.member("revision", revision)
        if isStale { writer.member("stale", true) }
        writer.endObject()
    }
}

/// Where a container port can be reached.
package struct EndpointMessage: WireMessage, Hashable {
    package var containerPort: Int
    package var hostIP: String
    package var hostPort: Int
    package var url: String

    package init(containerPort: Int, hostIP: String, hostPort: Int, url: String) {
        self.containerPort = containerPort
        self.hostIP = hostIP
        self.hostPort = hostPort
        self.url = url
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("containerPort", containerPort)
        writer.member("hostIp", hostIP)
        writer.member("hostPort", hostPort)
        writer.member("url", url)
        writer.endObject()
    }
}

/// The image an instance runs.
package struct ImageMessage: WireMessage, Hashable {
    package var id: String
    package var isCached: Bool

    package init(id: String, isCached: Bool) {
        self.id = id
        self.isCached = isCached
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("cached", isCached)
        writer.endObject()
    }
}

internal import RunnerCore
internal import RunnerProtocol

extension InstanceMessage {
    init(_ instance: Instance) {
        self.init(
            id: instance.id.description, componentRef: instance.componentRef, status: WireStatus(instance.status),
            startedAt: WireTime(instance.startedAt), source: SourceMessage(instance.source), revision: instance.revision
        )
        containerID = instance.containerID
        ports = instance.ports
        stoppedAt = instance.stoppedAt.map(WireTime.init)
        error = instance.errorText
        phase = instance.phase.map(WirePhase.init)
        endpoints = instance.endpoints.map {
            EndpointMessage(containerPort: $0.containerPort, hostIP: $0.hostIP, hostPort: $0.hostPort, url: $0.url)
        }
        health = WireHealth(instance.health)
        image = instance.image.map { ImageMessage(id: $0.id, isCached: $0.cached) }
        exitCode = instance.exitCode
        failure = instance.failure.map(FailureMessage.init)
        warnings = instance.warnings
        timings = instance.timings.map { (WirePhase($0.phase), $0.milliseconds) }
        isStale = instance.stale
    }
}

extension WireTime {
    init(_ time: WallTime) { self.init(nanoseconds: time.nanoseconds) }
}

extension WallTime {
    init(_ time: WireTime) { self.init(nanoseconds: time.nanoseconds) }
}

extension SourceMessage {
    init(_ source: InstanceSource) {
        switch source {
        case .github(let location, let repository, let ref, let commit, let directory):
            self = .github(
                location: location, repository: repository, ref: ref, commit: commit, directory: directory)
        case .directory(let path):
            self = .directory(path: path)
        }
    }
}

extension WireStatus {
    init(_ status: InstanceStatus) {
        switch status {
        case .starting: self = .starting
        case .running: self = .running
        case .stopping: self = .stopping
        case .stopped: self = .stopped
        case .error: self = .error
        }
    }
}

extension WirePhase {
    init(_ phase: StartPhase) {
        switch phase {
        case .resolving: self = .resolving
        case .fetching: self = .fetching
        case .configuring: self = .configuring
        case .building: self = .building
        case .creating: self = .creating
        case .starting: self = .starting
        case .checking: self = .checking
        }
    }
}

extension WireHealth {
    init(_ health: HealthStatus) {
        switch health {
        case .none: self = .none
        case .starting: self = .starting
        case .healthy: self = .healthy
        case .unhealthy: self = .unhealthy
        }
    }
}

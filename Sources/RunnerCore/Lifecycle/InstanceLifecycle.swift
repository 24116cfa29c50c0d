/// What can happen to an instance.
enum LifecycleEvent: Sendable {
    /// The start has come to the next phase; `spent` is what the phase before it took.
    case entered(StartPhase, spent: Duration)
    case resolved(InstanceSource)
    case warned([String])
    case imageReady(InstanceImage)
    case created(containerID: String, endpoints: [Endpoint])
    /// The container runs and has outlived the checking window.
    case started(spent: Duration)
    case probed(HealthStatus)
    case stopRequested
    /// The same, by the cancel of a start that had just succeeded; the failure is what it ends with.
    case givenUp(Failure)
    /// The start has ended without a running container, and everything it had made is removed.
    case failed(Failure)
    /// The container has ended. `failure` says why this is an error; it is ignored when a stop was asked for.
    case exited(code: Int?, failure: Failure?)
    /// The engine cannot be asked whether what is known still holds, or can be asked again.
    case confirmed(Bool)
}

/// The state machine of one instance: events in, the next snapshot out.
///
/// Pure; the only place where `status` changes.
struct InstanceLifecycle: Sendable {
    /// A build can warn without end; its log has them all.
    static let maxWarnings = 100

    private(set) var instance: Instance
    /// Grows with every start the agent accepts; tells a result of an older start from one of this.
    let epoch: Int64
    private var reasonToStop: Failure?

    init(_ instance: Instance, epoch: Int64) {
        self.instance = instance
        self.epoch = epoch
    }

    /// Applies `event`; false when it means nothing in the present state, and then nothing has changed.
    mutating func apply(_ event: LifecycleEvent, at now: WallTime) -> Bool {
        guard !instance.status.isTerminal, transition(event, now) else { return false }
        instance.revision += 1
        return true
    }

    private mutating func transition(_ event: LifecycleEvent, _ now: WallTime) -> Bool {
        switch (instance.status, event) {
        case (.starting, .entered(let phase, let spent)):
            guard instance.phase.map({ $0 < phase }) ?? true else { return false }
            close(spent)
            instance.phase = phase
        case (.starting, .resolved(let source)):
            instance.source = source
        case (.starting, .warned(let warnings)):
            let kept = warnings.prefix(max(0, Self.maxWarnings - instance.warnings.count))
            guard !kept.isEmpty else { return false }
            instance.warnings += kept
        case (.starting, .imageReady(let image)):
            instance.image = image
        case (.starting, .created(let containerID, let endpoints)):
            instance.containerID = containerID
            instance.endpoints = endpoints
        case (.starting, .started(let spent)):
            close(spent)
            instance.phase = nil
            instance.status = .running
        case (.starting, .probed(let health)), (.running, .probed(let health)):
            guard instance.health != health else { return false }
            instance.health = health
        case (.starting, .stopRequested), (.running, .stopRequested):
            instance.status = .stopping
        case (.starting, .givenUp(let failure)), (.running, .givenUp(let failure)):
            instance.status = .stopping
            reasonToStop = failure
        case (.starting, .failed(let failure)):
            let ended =
                failure.code == FailureCode.cancelled.rawValue || failure.code == FailureCode.superseded.rawValue
            finish(ended ? .stopped : .error, failure, now)
        case (.stopping, .failed(let failure)):
            finish(.stopped, failure, now)
        case (.starting, .exited(let code, let failure)), (.running, .exited(let code, let failure)):
            instance.exitCode = code
            finish(failure == nil ? .stopped : .error, failure, now)
        case (.stopping, .exited(let code, _)):
            instance.exitCode = code
            finish(.stopped, reasonToStop, now)
        case (_, .confirmed(let confirmed)):
            guard instance.stale == confirmed else { return false }
            instance.stale = !confirmed
        default:
            return false
        }
        return true
    }

    private mutating func close(_ spent: Duration) {
        guard let phase = instance.phase else { return }
        instance.timings.append(PhaseTiming(phase: phase, milliseconds: spent.milliseconds))
    }

    private mutating func finish(_ status: InstanceStatus, _ failure: Failure?, _ now: WallTime) {
        instance.failure = failure?.during(instance.phase)
        instance.failure?.instanceID = instance.id
        instance.status = status
        instance.phase = nil
        instance.stoppedAt = now
        instance.stale = false
        if instance.health == .starting { instance.health = .none }
    }
}

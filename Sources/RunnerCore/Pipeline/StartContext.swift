import NIOConcurrencyHelpers

/// What the steps of one start share: who it is for, where it reports, and when it must stop.
struct StartContext: Sendable {
    let id: InstanceID
    let services: Services
    let plan: StartPlan
    let job: StartJob
    let log: InstanceLog
    /// Archives and directory trees are read here, one at a time for this start.
    let files = BlockingQueue(label: "runner-agent.source")
    /// Of a directory whose ignore file is sent as it is; see ``sourceIdentity(_:_:)``.
    let plainContextDigest = NIOLockedValueBox<String?>(nil)
    private let said = NIOLockedValueBox<[String]>([])
    private let phaseBegan = NIOLockedValueBox(ContinuousClock.now)

    init(id: InstanceID, services: Services, plan: StartPlan, job: StartJob, log: InstanceLog) {
        self.id = id
        self.services = services
        self.plan = plan
        self.job = job
        self.log = log
    }

    var registry: InstanceRegistry { services.registry }

    /// Begins a phase; throws when the start has been given up.
    func enter(_ phase: StartPhase, _ message: String) async throws {
        try checkCancelled()
        registry.apply(.entered(phase, spent: lap()), to: id)
        plan.request.progress?(StartProgress(kind: .report, phase: phase, message: message))
        await log.append([message], phase: phase.logPhase)
    }

    func say(_ message: String, _ phase: LogPhase) async {
        await log.append([message], phase: phase)
    }

    func report(_ phase: StartPhase, _ message: String, current: Int64? = nil, total: Int64? = nil, unit: String? = nil)
    {
        plan.request.progress?(
            StartProgress(kind: .report, phase: phase, message: message, current: current, total: total, unit: unit))
    }

    func warn(_ warnings: [String]) async {
        guard !warnings.isEmpty else { return }
        said.withLockedValue { $0 += warnings.prefix(max(0, InstanceLifecycle.maxWarnings - $0.count)) }
        registry.apply(.warned(warnings), to: id)
        await log.append(warnings.map { "warning: " + $0 }, phase: .lifecycle)
    }

    /// All that was warned of so far.
    var warnings: [String] { said.withLockedValue { $0 } }

    func checkCancelled() throws {
        if isCancelled { throw CancellationError() }
    }

    var isCancelled: Bool { Task.isCancelled || job.cancelReason != nil }

    /// The time since the last lap.
    func lap() -> Duration {
        phaseBegan.withLockedValue { began in
            let now = ContinuousClock.now
            defer { began = now }
            return began.duration(to: now)
        }
    }
}

extension StartPhase {
    var logPhase: LogPhase {
        switch self {
        case .resolving, .fetching, .configuring: .fetch
        case .building: .build
        case .creating, .starting, .checking: .lifecycle
        }
    }
}

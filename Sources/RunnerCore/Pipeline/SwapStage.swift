/// Makes room for a new instance: only so many run at a time, and the old one goes when the new image is ready.
///
/// Every start counts the live instances that are older than itself, those under way included. So no more than the limit
/// ever run, in whatever order starts come to this stage.
struct SwapStage: Sendable {
    let id: InstanceID
    let epoch: Int64
    let componentRef: String
    let maxInstances: Int
    let registry: InstanceRegistry
    /// Jobs of starts accepted before this one.
    let olderJobs: @Sendable () -> [StartJob]
    let stop: @Sendable (InstanceID) async throws(Failure) -> Void
    /// Removes what an earlier start could not remove; it may run.
    let clean: @Sendable () async throws -> Void
    let log: InstanceLog

    /// The live instances that will be stopped, as things stand: of the same component first, then the oldest.
    func victims() -> [Instance] {
        let jobs = Dictionary(olderJobs().map { ($0.id, $0) }) { first, _ in first }
        let older = registry.instances().filter { instance in
            instance.id != id && !instance.status.isTerminal && (registry.epoch(of: instance.id) ?? 0) < epoch
                && !(instance.status == .starting && jobs[instance.id]?.cancelReason != nil)
        }
        let stoppable = older.filter { $0.status != .starting || jobs[$0.id]?.isRunning == true }
        let surplus = older.count - (maxInstances - 1)
        let same = stoppable.filter { $0.componentRef == componentRef }
        let others = stoppable.filter { $0.componentRef != componentRef }.reversed()
        return Array((same + others).prefix(max(surplus, maxInstances > 1 ? same.count : 0)))
    }

    /// Waits for the starts this one superseded: what they made must be gone before we make the same.
    func settle() async throws {
        for job in olderJobs() where registry.instance(job.id)?.status == .starting && job.cancelReason != nil {
            await job.wait()
        }
        try Task.checkCancellation()
    }

    func run() async throws {
        try await settle()
        for victim in victims() {
            await log.append(["stopping \(victim.id) (\(victim.componentRef)) to make room"], phase: .lifecycle)
            try await stop(victim.id)
            try Task.checkCancellation()
        }
        try await clean()
    }

    /// The starts among `starting` that give way when one more was accepted: all but the newest of each component, and of
    /// those the newest `maxInstances`.
    static func superseded(
        _ starting: [(componentRef: String, job: StartJob)], maxInstances: Int
    ) -> [StartJob] {
        var kept: Set<String> = []
        return starting.sorted { $0.job.epoch > $1.job.epoch }.filter { start in
            kept.count >= maxInstances || !kept.insert(start.componentRef).inserted
        }.map(\.job)
    }
}

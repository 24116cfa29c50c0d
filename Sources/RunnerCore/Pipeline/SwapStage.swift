/// Makes room for a new instance: only so many run at a time, and the old one goes when the new image is ready.
struct SwapStage: Sendable {
    let id: InstanceID
    let epoch: Int64
    let componentRef: String
    let maxInstances: Int
    let registry: InstanceRegistry
    /// Jobs of starts accepted before this one.
    let olderJobs: @Sendable () -> [StartJob]
    let stop: @Sendable (InstanceID) async throws(Failure) -> Void
    let log: InstanceLog

    /// The live instances that will be stopped, as things stand: of the same component first, then the oldest.
    func victims() -> [Instance] {
        let live = registry.instances().filter { instance in
            instance.id != id && !instance.status.isTerminal && instance.status != .starting
                && (registry.epoch(of: instance.id) ?? 0) < epoch
        }
        let surplus = live.count - (maxInstances - 1)
        let same = live.filter { $0.componentRef == componentRef }
        let others = live.filter { $0.componentRef != componentRef }.reversed()
        return Array((same + others).prefix(max(surplus, maxInstances > 1 ? same.count : 0)))
    }

    func run() async throws {
        // Starts this one superseded are on their way out; what they made must be gone before we make the same.
        for job in olderJobs() where registry.instance(job.id)?.status == .starting && job.cancelReason != nil {
            await job.wait()
        }
        try Task.checkCancellation()
        for victim in victims() {
            await log.append(["stopping \(victim.id) (\(victim.componentRef)) to make room"], phase: .lifecycle)
            try await stop(victim.id)
            try Task.checkCancellation()
        }
    }
}

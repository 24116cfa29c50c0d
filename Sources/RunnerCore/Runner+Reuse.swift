import NIOConcurrencyHelpers

extension Runner {
    /// The live instance that is what `plan` asks for: same component, source, configuration and overrides; nil when there is
    /// none, or when that cannot be told.
    ///
    /// What is wrong with the source is not said here: the start that follows meets it again and says it. Throws `CANCELLED`.
    func reusable(_ plan: StartPlan) async throws(Failure) -> Instance? {
        var plan = plan
        plan.request.progress = nil
        guard services.registry.instances().contains(where: { isCandidate($0, plan) }) else { return nil }
        let looked = await look(at: plan) { context in
            let source = try await SourceStage(context: context).run()
            return try await ConfigureStage(context: context).run(source).identity(of: source, in: context)
        }
        if Task.isCancelled { throw Failure(.cancelled, "the request was cancelled") }
        guard let wanted = try? looked.outcome.get() else { return nil }
        for candidate in services.registry.instances() where isCandidate(candidate, plan) {
            guard await identity(of: candidate.id) == wanted else { continue }
            if let instance = services.registry.instance(candidate.id), isCandidate(instance, plan) { return instance }
        }
        if Task.isCancelled { throw Failure(.cancelled, "the request was cancelled") }
        return nil
    }

    private func isCandidate(_ instance: Instance, _ plan: StartPlan) -> Bool {
        instance.componentRef == plan.componentRef && (instance.status == .starting || instance.status == .running)
    }

    /// What an instance is, as soon as its start has read the configuration; nil when it will never be known.
    private func identity(of id: InstanceID) async -> String? {
        let watch = watch(instanceID: id)
        defer { watch.cancel() }
        while true {
            let (job, settings) = state.withLockedValue { ($0.jobs[id], $0.settings[id]) }
            if let known = job?.identity ?? settings?.identity { return known }
            // The phase after it, or the end, comes as a change.
            guard let instance = services.registry.instance(id), instance.status == .starting,
                instance.phase.map({ $0 < .building }) ?? true, job?.cancelReason == nil, await watch.next() != nil
            else { return nil }
        }
    }
}

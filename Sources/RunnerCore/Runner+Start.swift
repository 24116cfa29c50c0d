import Crypto
import GitHubSource
import Logging
import NIOConcurrencyHelpers
import RunnerConfig

extension Runner {
    /// Accepts a start: the answer is an instance in `starting`, its intent on the disk.
    ///
    /// The rest happens in its job.
    ///
    /// Throws what needs no network, engine or source to be known; see `StartPlan.init`. Besides: `ALREADY_RUNNING`,
    /// `IDEMPOTENCY_CONFLICT`, `STATE_UNWRITABLE`, `DISK_FULL`, `SHUTTING_DOWN`.
    package func start(_ request: StartRequest) async throws(Failure) -> Instance {
        try await accept(request).instance
    }

    /// The same, and whether the instance is that of another client, which was found to be as good.
    package func accept(_ request: StartRequest) async throws(Failure) -> (instance: Instance, isReused: Bool) {
        let plan = try StartPlan(
            request, agent: services.configuration.agent, github: services.github, limits: services.limits)
        let fingerprint = hexadecimal(SHA256.hash(data: request.fingerprint))
        if request.onExisting == .reuse, !isKnown(request.idempotencyKey), let found = try await reusable(plan) {
            if let key = request.idempotencyKey {
                let use = IdempotencyKeys.Use(key: key, fingerprint: fingerprint, usedAt: .now())
                state.withLockedValue { $0.idempotency.insert(use, for: found.id, at: use.usedAt) }
                await persist(found.id)
            }
            return (found, true)
        }
        let admission = try admit(plan, fingerprint: fingerprint)
        guard case .new(let instance, let job, let log) = admission else { return (try known(admission), false) }

        do {
            try await journal.append({ [self] in entry(of: instance.id) }, compacted: { [self] in entries() })
        } catch {
            await forget(job, plan)
            throw error
        }
        supersede()
        job.begin { [self] in await execute(plan, job: job, log: log) }
        return (instance, false)
    }

    /// Waits until the instance has come to `goal` or has ended; a cancelled task gets what there is.
    package func awaitStart(_ id: InstanceID, until goal: WaitGoal) async -> Instance? {
        let watch = watch(instanceID: id)
        defer { watch.cancel() }
        var newest = services.registry.instance(id)
        while let instance = newest {
            let healthy = instance.health == .healthy || !hasHealthCheck(id)
            switch instance.status {
            case .running where goal == .running || healthy: return instance
            case .stopped, .error: return instance
            default: break
            }
            guard let changed = await watch.next(), let last = changed.last else {
                return services.registry.instance(id)
            }
            newest = last
        }
        return nil
    }

    /// Gives a start up that was asked for by a request which is cancelled now; returns when nothing of it runs.
    ///
    /// One that runs already is stopped: who asked for it is told that it was cancelled, and will never ask for it again.
    package func cancelStart(_ id: InstanceID) async {
        guard let job = state.withLockedValue({ $0.jobs[id] }) else { return }
        guard !job.cancel(.cancelled) else { return await job.wait() }
        let failure = Failure(
            .cancelled, "the start was cancelled when it had just succeeded", hint: "start it again when you want it")
        // An engine that does not stop it is asked again until it does.
        _ = try? await stop(id, grace: nil, as: .givenUp(failure))
    }

    // MARK: Admission

    private enum Admission {
        case new(Instance, StartJob, InstanceLog)
        case known(InstanceID)
    }

    private func isKnown(_ key: String?) -> Bool {
        key.map { key in state.withLockedValue { $0.idempotency.find(key, at: .now()) != nil } } ?? false
    }

    private func known(_ admission: Admission) throws(Failure) -> Instance {
        guard case .known(let id) = admission else { throw shuttingDownFailure }
        guard let instance = services.registry.instance(id) else {
            throw Failure(
                .instanceNotFound, "this idempotency key has started \(id), which was dropped since",
                hint: "use a new key for a new start")
        }
        return instance
    }

    private func admit(_ plan: StartPlan, fingerprint: String) throws(Failure) -> Admission {
        let now = WallTime.now()
        let result: Result<Admission, Failure> = state.withLockedValue { state in
            if state.shuttingDown { return .failure(shuttingDownFailure) }
            if let key = plan.request.idempotencyKey, let earlier = state.idempotency.find(key, at: now) {
                if earlier.use.fingerprint == fingerprint { return .success(.known(earlier.id)) }
                var failure = Failure(
                    .idempotencyConflict, "the idempotency key was used with other params for \(earlier.id)",
                    hint: "use a new key for a new start")
                failure.instanceID = earlier.id
                return .failure(failure)
            }
            let live = services.registry.instances().filter { !$0.status.isTerminal }
            let same = live.first { $0.componentRef == plan.componentRef }
            let full = live.count >= services.configuration.agent.maxInstances
            if plan.request.onExisting == .reject, let first = same ?? (full ? live.first : nil) {
                var failure = Failure(
                    .alreadyRunning, "\(first.componentRef) is \(first.status.rawValue) already",
                    hint: "stop it first, or start with onExisting: replace")
                failure.instanceID = first.id
                return .failure(failure)
            }
            var instance = Instance(
                id: InstanceID(), componentRef: plan.componentRef, startedAt: .now(), source: plan.described)
            instance.requestedBy = plan.request.requestedBy
            // First the log: who watches may ask for it as soon as the instance is known.
            let log = services.logs.create(instance.id)
            let epoch = services.registry.add(instance)
            let job = StartJob(id: instance.id, epoch: epoch)
            state.jobs[instance.id] = job
            if let key = plan.request.idempotencyKey {
                let use = IdempotencyKeys.Use(key: key, fingerprint: fingerprint, usedAt: now)
                state.idempotency.insert(use, for: instance.id, at: now)
            }
            return .success(.new(instance, job, log))
        }
        return try result.get()
    }

    /// Takes back a start whose intent could not be written.
    private func forget(_ job: StartJob, _ plan: StartPlan) async {
        let id = job.id
        services.registry.apply(.failed(Failure(.stateUnwritable, "the start could not be recorded")), to: id)
        _ = services.registry.remove(id)
        state.withLockedValue { state in
            state.jobs[id] = nil
            if let key = plan.request.idempotencyKey { state.idempotency.remove(key) }
        }
        job.end()
        await services.logs.remove(id)
    }

    /// Only the newest starts go on; superseded ones leave no queue.
    private func supersede() {
        let jobs = state.withLockedValue { Array($0.jobs.values) }
        let starting = jobs.compactMap { job -> (componentRef: String, job: StartJob)? in
            guard !job.isRunning, job.cancelReason == nil, let instance = services.registry.instance(job.id),
                instance.status == .starting
            else { return nil }
            return (instance.componentRef, job)
        }
        for job in SwapStage.superseded(starting, maxInstances: services.configuration.agent.maxInstances) {
            job.cancel(.superseded)
        }
    }

    // MARK: The job

    private func execute(_ plan: StartPlan, job: StartJob, log: InstanceLog) async {
        let id = job.id
        let context = StartContext(id: id, services: services, plan: plan, job: job, log: log)
        let swap = SwapStage(
            id: id, epoch: job.epoch, componentRef: plan.componentRef,
            maxInstances: services.configuration.agent.maxInstances, registry: services.registry,
            olderJobs: { [self] in state.withLockedValue { $0.jobs.values.filter { $0.epoch < job.epoch } } },
            stop: { [self] victim throws(Failure) in _ = try await stop(victim, grace: nil) },
            clean: { [self] in try await cleaned() }, log: log)
        plan.request.progress?(StartProgress(kind: .begin, phase: nil, message: "starting \(plan.componentRef)"))
        // Ends with the start, or ends it.
        let timer = Task {
            try await Task.sleep(for: plan.timeout)
            job.cancel(.timedOut)
        }
        do {
            // Leftovers may hold the ports that are looked for. Without an engine, what is wrong with the source is said first.
            try? await cleaned()
            let started = try await StartPipeline(
                context: context, swap: swap,
                persist: { [self] settings in
                    state.withLockedValue { $0.settings[id] = settings }
                    await persist(id)
                },
                record: { [self] in await persist(id, before: $0) },
                register: { [self] run in
                    let end = plan.request.ttl.map {
                        WallTime(nanoseconds: WallTime.now().nanoseconds + $0.nanoseconds)
                    }
                    state.withLockedValue { state in
                        state.runs[id] = run
                        state.settings[id]?.endsAt = end
                    }
                }
            ).run()
            timer.cancel()
            let urls = services.registry.instance(id)?.endpoints.map(\.url).joined(separator: " ") ?? ""
            plan.request.progress?(StartProgress(kind: .end, phase: nil, message: "running at \(urls)"))
            await log.append(["running at \(urls)"], phase: .lifecycle)
            services.removeOldImages(of: plan.componentRef, keeping: id)
            await live(started.run, until: started.end, alreadyHealthy: false)
        } catch {
            timer.cancel()
            var failure = job.failure(timeout: plan.timeout) ?? Failure(mapping: error)
            services.engine.note(error)
            failure = failure.during(services.registry.instance(id)?.phase)
            failure.instanceID = id
            await log.append(["failed: \(failure.message)"], phase: .lifecycle)
            plan.request.progress?(StartProgress(kind: .end, phase: failure.phase, message: failure.message))
            services.registry.apply(.failed(failure), to: id)
            await ended(id)
        }
    }

    /// Watches a running container to its end, or until the agent lets go of it.
    func live(_ run: InstanceRun, until end: Task<ContainerSupervisor.End, Never>, alreadyHealthy: Bool) async {
        let over = await run.run(until: end, alreadyHealthy: alreadyHealthy)
        if over { await ended(run.id) }
    }

    /// The last things done for an instance that has come to its end.
    func ended(_ id: InstanceID) async {
        await persist(id)
        await services.logs.log(id)?.end(.ended)
        state.withLockedValue { state in
            state.jobs[id] = nil
            state.runs[id] = nil
        }
        await dropHistory()
    }

    private func hasHealthCheck(_ id: InstanceID) -> Bool {
        state.withLockedValue { $0.settings[id]?.health != nil }
    }
}

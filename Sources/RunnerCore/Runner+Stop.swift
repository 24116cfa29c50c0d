import Logging
import NIOConcurrencyHelpers

extension Runner {
    /// Stops an instance and answers when its container is gone; stopping an ended one is a success.
    ///
    /// A start under way is given up. Throws `INSTANCE_NOT_FOUND`, `ENGINE_UNAVAILABLE` or `ENGINE_ERROR`; after the last
    /// two the instance stays in `stopping` and is stopped as soon as the engine can be asked.
    package func stop(_ id: InstanceID, grace: Duration?) async throws(Failure) -> Instance {
        try await stop(id, grace: grace, as: .stopRequested)
    }

    func stop(_ id: InstanceID, grace: Duration?, as event: LifecycleEvent) async throws(Failure) -> Instance {
        guard let instance = services.registry.instance(id) else { throw Self.notFound(id) }
        if instance.status.isTerminal { return instance }
        let job = state.withLockedValue { $0.jobs[id] }
        services.registry.apply(event, to: id)
        // A job that cannot be cancelled any more has registered its run before.
        if job?.cancel(.cancelled) == false, let run = state.withLockedValue({ $0.runs[id] }) {
            await persist(id)
            do {
                try await run.stopContainer(grace: grace)
            } catch {
                insist(on: run)
                throw error
            }
        }
        await job?.wait()
        return services.registry.instance(id) ?? instance
    }

    /// Goes on stopping what the engine did not stop while somebody waited.
    ///
    /// An unstructured task: the request that began it is answered. It ends with the container, or with the agent.
    private func insist(on run: InstanceRun) {
        Task {
            var pause = services.limits.stopPauses.first
            while services.registry.instance(run.id)?.status == .stopping, !state.withLockedValue({ $0.shuttingDown }) {
                // The caller was told why; the next agent tries again.
                if (try? await run.stopContainer()) != nil { return }
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, services.limits.stopPauses.longest)
            }
        }
    }

    /// Drops an ended instance with its logs.
    ///
    /// Throws `INSTANCE_NOT_FOUND`, or `BUSY` for a live one.
    package func remove(_ id: InstanceID) async throws(Failure) {
        guard let instance = services.registry.instance(id) else { throw Self.notFound(id) }
        guard services.registry.remove(id) else {
            var failure = Failure(.busy, "\(id) is \(instance.status.rawValue)", hint: "stop it first")
            failure.instanceID = id
            throw failure
        }
        await services.logs.remove(id)
        let keys = state.withLockedValue { state in
            state.settings[id] = nil
            return state.idempotency.uses(for: id)
        }
        try await journal.append({ .removed(id, keys: keys) }, compacted: { [self] in entries() })
    }

    /// Keeps the history within its count, its age and the room for logs; the oldest ended instances go first.
    func dropHistory() async {
        state.withLockedValue { $0.idempotency.dropOld(at: .now()) }
        let limits = services.limits
        let ended = services.registry.instances().filter(\.status.isTerminal)
        let oldest = WallTime.now().nanoseconds - limits.historyAge.nanoseconds
        var surplus = ended.enumerated().filter { index, instance in
            index >= limits.historyCount || (instance.stoppedAt ?? instance.startedAt).nanoseconds < oldest
        }.map(\.element)
        let kept = ended.prefix(limits.historyCount).reversed()
        var total = services.logs.totalBytes
        for instance in kept where total > limits.logTotalBytes && !surplus.contains(where: { $0.id == instance.id }) {
            total -= services.logs.log(instance.id)?.totalBytes ?? 0
            surplus.append(instance)
        }
        for instance in surplus {
            do {
                try await remove(instance.id)
            } catch  where error.code == FailureCode.instanceNotFound.rawValue {
                // A client, or another end at the same time, was faster.
                continue
            } catch {
                services.logger.warning("history could not be dropped", metadata: ["error": "\(error.message)"])
            }
        }
    }

    // MARK: The journal

    /// Writes what is known about an instance down; a failure is said in the log, for what runs must go on.
    ///
    /// - Parameter event: what is about to be applied. Written down first, it outlives an agent that is killed right after a
    ///   client has heard of it.
    func persist(_ id: InstanceID, before event: LifecycleEvent? = nil) async {
        do {
            try await journal.append(
                { [self] in entry(of: id, after: event) },
                compacted: { [self] in entries { entry(of: $0, after: $0 == id ? event : nil) } })
        } catch {
            services.logger.error(
                "an instance could not be recorded", metadata: ["instance.id": "\(id)", "error": "\(error.message)"])
        }
    }

    /// All that must survive the agent: the instances, and the keys of those that were dropped.
    func entries() -> [JournalEntry] { entries { entry(of: $0) } }

    private func entries(_ entry: (InstanceID) -> JournalEntry?) -> [JournalEntry] {
        let known = services.registry.instances().reversed().compactMap { entry($0.id) }
        let kept = Set(known.map(\.instance.id))
        let keys = state.withLockedValue { state in
            state.idempotency.instances.filter { !kept.contains($0) }.map { ($0, state.idempotency.uses(for: $0)) }
        }
        return keys.map { .removed($0, keys: $1) } + known
    }

    /// What is known now; nil when the instance was dropped.
    func entry(of id: InstanceID, after event: LifecycleEvent? = nil) -> JournalEntry? {
        let registry = services.registry
        guard let instance = event.map({ registry.instance(id, after: $0) }) ?? registry.instance(id) else {
            return nil
        }
        let (settings, keys) = state.withLockedValue { ($0.settings[id], $0.idempotency.uses(for: id)) }
        return JournalEntry(
            instance: instance, epoch: services.registry.epoch(of: id) ?? 0, settings: settings,
            keys: keys.isEmpty ? nil : keys)
    }
}

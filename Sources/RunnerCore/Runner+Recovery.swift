import DockerEngine
import Logging
import NIOConcurrencyHelpers

extension Runner {
    /// Puts the journal's instances back into memory.
    ///
    /// What was starting when the agent ended is an interrupted start.
    func restore(_ entries: [JournalEntry]) {
        let now = WallTime.now()
        let uses = entries.flatMap { entry in (entry.keys ?? []).map { (use: $0, id: entry.instance.id) } }
        state.withLockedValue { state in
            for (use, id) in uses.sorted(by: { $0.use.usedAt < $1.use.usedAt }) {
                state.idempotency.insert(use, for: id, at: now)
            }
        }
        let entries = entries.filter { $0.removed != true }
        for entry in entries {
            var instance = entry.instance
            let id = instance.id
            let isInterrupted = instance.status == .starting || instance.containerID == nil
            if !instance.status.isTerminal, isInterrupted {
                instance.failure = Failure(
                    .interrupted, "the agent stopped during the start", hint: "start the component again",
                    phase: instance.phase, retryable: true)
                instance.failure?.instanceID = id
                instance.status = .error
                instance.phase = nil
                instance.stoppedAt = .now()
                instance.revision += 1
            }
            services.registry.restore(instance, epoch: entry.epoch)
            let log = services.logs.recover(id)
            state.withLockedValue { $0.settings[id] = entry.settings }
            if instance.status.isTerminal { log.endNow(.ended) }
        }
        services.logs.removeUnknown(keeping: Set(entries.map(\.instance.id)))
    }

    /// Takes the containers of an earlier run back.
    ///
    /// Before any request can come: a stop must find the job of what it stops. Asks nobody yet.
    func adoptAll() {
        for instance in services.registry.instances() where !instance.status.isTerminal {
            guard let containerID = instance.containerID else { continue }
            adopt(instance, containerID: containerID)
        }
    }

    /// Removes containers and networks of ours that belong to no live instance; a start waits for it, for they may hold its
    /// ports.
    func removeOrphans() async throws {
        services.mayHaveLeftovers.withLockedValue { $0 = false }
        do {
            let engine = try await services.engine.client()
            for container in try await engine.listContainers(labels: [Label.owner: services.owner], all: true) {
                let id = container.labels[Label.instance].flatMap { InstanceID($0) }
                if let id, services.registry.instance(id)?.status.isTerminal == false { continue }
                services.logger.info("removing a container left over", metadata: ["container": "\(container.id)"])
                try await services.removeContainerOrThrow(container.id)
            }
            try await services.removeNetworksIfUnused(engine)
        } catch {
            services.mayHaveLeftovers.withLockedValue { $0 = true }
            services.engine.note(error)
            services.logger.debug("what an earlier run left could not be removed", metadata: ["error": "\(error)"])
            throw error
        }
    }

    private func adopt(_ instance: Instance, containerID: String) {
        let id = instance.id
        guard let log = services.logs.log(id) else { return }
        let fallback = ContainerSettings(stopSignal: "SIGTERM", stopGrace: .seconds(10), health: nil)
        let settings = state.withLockedValue { $0.settings[id] } ?? fallback
        let run = InstanceRun(
            services: services, id: id, containerID: containerID, settings: settings, log: log,
            ttl: settings.remainingTTL, record: { [self] in await persist(id, before: $0) })
        let job = StartJob(id: id, epoch: services.registry.epoch(of: id) ?? 0)
        // Before anybody can find the job: what is asked to stop runs already and is not to be given up.
        _ = job.becameRunning()
        state.withLockedValue { state in
            state.jobs[id] = job
            state.runs[id] = run
        }
        let supervisor = ContainerSupervisor(
            services: services, id: id, containerID: containerID, settings: settings, log: log)
        job.begin { [self] in
            let end = Task { await supervisor.run(nil) }
            await live(run, until: end, alreadyHealthy: instance.health == .healthy || instance.health == .unhealthy)
        }
    }
}

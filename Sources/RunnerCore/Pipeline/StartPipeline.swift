import DockerEngine

/// The way from an accepted start to a running container, phase by phase.
struct StartPipeline {
    let context: StartContext
    /// Stops what must make room, once the image is ready; gives what it will be before that.
    let swap: SwapStage
    /// Hears how the container is to be watched, as soon as it is created.
    let persist: @Sendable (ContainerSettings) async -> Void
    /// Writes down what is about to happen to the instance, before anybody sees it.
    let record: @Sendable (LifecycleEvent) async -> Void
    /// Gets what can stop the container, before the instance is seen as running: a stop may follow at once.
    let register: @Sendable (InstanceRun) -> Void

    struct Started: Sendable {
        var run: InstanceRun
        var end: Task<ContainerSupervisor.End, Never>
    }

    /// Returns when the container has run for the checking window.
    ///
    /// Whatever it throws, nothing it made is left.
    func run() async throws -> Started {
        let source = try await SourceStage(context: context).run()
        let component = try await ConfigureStage(context: context).run(source)
        context.job.identity = try await component.identity(of: source, in: context)
        // Their containers may still hold the very ports that are looked for.
        try await swap.settle()
        try await PreflightStage(context: context).run(component, replacing: swap.victims())
        let image = try await BuildStage(context: context).run(component, source)
        try await context.enter(.creating, "creating the container")
        try await swap.run()
        return try await launch(component, image: image, commit: source.commit)
    }

    private func launch(
        _ component: ConfiguredComponent, image: InstanceImage, commit: String?
    ) async throws -> Started {
        let services = context.services
        let name = services.containerName(of: context.id)
        do {
            let launched = try await LaunchStage(context: context).run(component, image: image, commit: commit)
            await persist(launched.settings)
            return try await check(launched)
        } catch {
            // By name: also when the answer to `create`, and with it the id, was lost.
            await services.removeContainer(name, of: context.id)
            throw error
        }
    }

    /// A program that fails at once must not be shown as running.
    private func check(_ launched: LaunchedContainer) async throws -> Started {
        try await context.enter(.checking, "checking that the container stays up")
        let (services, log, id) = (context.services, context.log, context.id)
        let supervisor = ContainerSupervisor(
            services: services, id: id, containerID: launched.id, settings: launched.settings, log: log)
        // Unstructured: it reads the output for as long as the container lives, across the end of this function.
        let end = Task { await supervisor.run(launched.output) }
        let run = InstanceRun(
            services: services, id: id, containerID: launched.id, settings: launched.settings, log: log,
            ttl: context.plan.request.ttl, record: record)
        do {
            if let early = try await firstOf(end, within: services.limits.checkingWindow) {
                switch early {
                case .exited(let code, let oomKilled):
                    throw await run.exitFailure(code: code, oomKilled: oomKilled)
                case .removed:
                    throw Failure(.containerStartFailed, "the container was removed while it started")
                case .detached:
                    throw CancellationError()
                }
            }
            try context.checkCancelled()
            await warnOfLoopback(launched)
            register(run)
            guard context.job.becameRunning() else { throw CancellationError() }
            let event = LifecycleEvent.started(spent: context.lap())
            await record(event)
            context.registry.apply(event, to: id)
            return Started(run: run, end: end)
        } catch {
            end.cancel()
            // What it has read must be in the log before the log ends.
            _ = await end.value
            throw error
        }
    }

    /// That a program does not listen yet is no problem; that it does so for itself alone will stay one.
    private func warnOfLoopback(_ launched: LaunchedContainer) async {
        guard let port = context.registry.instance(context.id)?.endpoints.first?.containerPort,
            let listeners = await context.services.listeners(in: launched.id), listeners.loopbackOnly.contains(port),
            let problem = listeners.problem(with: port)
        else { return }
        await context.warn(["\(problem.reason): \(problem.hint)"])
    }

    private func firstOf(
        _ end: Task<ContainerSupervisor.End, Never>, within window: Duration
    ) async throws -> ContainerSupervisor.End? {
        // Waiting for another task's value cannot be cancelled, so the watcher is not a child that must be waited for.
        let ended = OneShot<ContainerSupervisor.End>()
        let watcher = Task { ended.set(await end.value) }
        defer { watcher.cancel() }
        return try await ended.value(within: window)
    }
}

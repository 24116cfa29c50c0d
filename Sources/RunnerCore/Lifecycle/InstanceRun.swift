import DockerEngine
import HTTPTransport
import NIOConcurrencyHelpers

/// A container's life after it was started: its output, its health, its time to live, and its end.
struct InstanceRun {
    let services: Services
    let id: InstanceID
    let containerID: String
    let settings: ContainerSettings
    let log: InstanceLog
    let ttl: Duration?
    /// Writes down what is about to happen to the instance, before anybody sees it.
    let record: @Sendable (LifecycleEvent) async -> Void

    private var registry: InstanceRegistry { services.registry }

    /// Watches until the container has ended, then removes it and records the end.
    ///
    /// - Parameter end: the reading of the output, which began when the container was attached.
    /// - Returns: false when the agent only lets go of the container.
    func run(until end: Task<ContainerSupervisor.End, Never>, alreadyHealthy: Bool) async -> Bool {
        let unhealthy = NIOLockedValueBox<Failure?>(nil)
        let outcome = await withTaskGroup(of: ContainerSupervisor.End?.self) { group in
            group.addTask { await end.valueCancellingIt }
            group.addTask {
                guard let failure = await watchHealth(alreadyHealthy: alreadyHealthy) else { return nil }
                unhealthy.withLockedValue { $0 = failure }
                await insistOnStopping()
                return nil
            }
            if let ttl {
                group.addTask {
                    guard (try? await Task.sleep(for: ttl)) != nil else { return nil }
                    await log.append(["its time to live of \(ttl.components.seconds) s is over"], phase: .lifecycle)
                    await record(.stopRequested)
                    registry.apply(.stopRequested, to: id)
                    await insistOnStopping()
                    return nil
                }
            }
            for await result in group {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            return .detached
        }
        switch outcome {
        case .detached:
            return false
        case .removed:
            let failure = Failure(
                .containerExited, "the container was removed from outside", hint: "start the component again")
            await finish(code: nil, failure: failure)
        case .exited(let code, let oomKilled):
            var failure = unhealthy.withLockedValue { $0 }
            if failure == nil, code != 0 || oomKilled { failure = await exitFailure(code: code, oomKilled: oomKilled) }
            await finish(code: code, failure: failure)
        }
        return true
    }

    /// Asks the engine to stop the container with its signal and grace.
    ///
    /// That it has ended is seen by the supervisor.
    ///
    /// When the calling task is cancelled, this throws `CANCELLED` at once and the engine goes on stopping: that is why it is
    /// asked in an unstructured task.
    func stopContainer(grace: Duration? = nil) async throws(Failure) {
        let stopped = OneShot<Result<Void, Failure>>()
        Task {
            do {
                let seconds = ContainerSettings.wholeSeconds(grace ?? settings.stopGrace)
                try await services.engine.client().stopContainer(
                    containerID, graceSeconds: seconds, signal: settings.stopSignal)
                stopped.set(.success(()))
            } catch let error as EngineError where error.isNotFound {
                // Somebody removed it; the supervisor will see that too.
                stopped.set(.success(()))
            } catch {
                services.engine.note(error)
                if (error as? EngineError)?.isUnavailable == true { registry.apply(.confirmed(false), to: id) }
                stopped.set(.failure(Failure(mapping: error)))
            }
        }
        guard let outcome = await stopped.value() else {
            throw Failure(.cancelled, "the request was cancelled; the container goes on stopping")
        }
        try outcome.get()
    }

    /// The same where nobody waits for an answer: tries until the engine has done it or the container has ended.
    private func insistOnStopping() async {
        var pause = services.limits.stopPauses.first
        var said = false
        while !Task.isCancelled {
            do {
                return try await stopContainer()
            } catch {
                if !said {
                    await log.append(["the engine did not stop the container: \(error.message)"], phase: .lifecycle)
                }
                said = true
            }
            // Ended by cancellation alone, which the loop's condition sees.
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, services.limits.stopPauses.longest)
        }
    }

    /// Why a container that ended by itself is an error.
    func exitFailure(code: Int, oomKilled: Bool) async -> Failure {
        let tail = await services.logTail(log, phase: .run)
        var failure: Failure
        if oomKilled {
            failure = Failure(
                .outOfMemory, "the container ran out of memory and was killed",
                hint: "raise resources.memory in the configuration, or let the program use less")
        } else if code == 126 || code == 127, let words = tail.last(where: { $0.contains("exec ") }) {
            // Process 1 is the engine's small init; that it cannot start the program is an exit code like any other.
            failure = Failure(
                .containerStartFailed, "the container's program could not be started: \(words)",
                hint: "check CMD and ENTRYPOINT: the program is not in the image, or not executable", phase: .starting)
        } else {
            failure = Failure(
                .containerExited, "the container exited with code \(code)",
                hint: "its last output says why; a service must stay in the foreground")
        }
        failure.exitCode = code
        failure.oomKilled = oomKilled
        failure.logTail = tail
        return failure
    }

    private func finish(code: Int?, failure: Failure?) async {
        let event = LifecycleEvent.exited(code: code, failure: failure)
        // Before the container, which alone knows its exit code, is removed.
        await record(event)
        await services.removeContainer(containerID, of: id)
        // Before the status: an ended instance may be removed at once, and its log is complete.
        let ended = code.map { "the container has ended with code \($0)" } ?? "the container is gone"
        await log.append([failure?.message ?? ended], phase: .lifecycle)
        registry.apply(event, to: id)
    }

    private func watchHealth(alreadyHealthy: Bool) async -> Failure? {
        guard let health = settings.health, let port = registry.instance(id)?.ports.first else { return nil }
        let url = "http://\(services.probeHost):\(port)\(health.path)"
        let monitor = HealthMonitor(settings: health, url: url, http: services.http)
        if !alreadyHealthy { registry.apply(.probed(.starting), to: id) }
        let reason = await monitor.run(alreadyHealthy: alreadyHealthy) { status, message in
            guard registry.apply(.probed(status), to: id) != nil else { return }
            await log.append(["\(status.rawValue): \(message)"], phase: .health)
        }
        guard let reason else { return nil }
        registry.apply(.probed(.unhealthy), to: id)
        var failure = Failure(
            .unhealthy, "the health check never succeeded: \(reason)",
            hint: "check healthCheck.path and the port, and give a slow start more time with healthCheck.startPeriod")
        failure.lastProbe = reason
        if let port = registry.instance(id)?.endpoints.first?.containerPort,
            let problem = await services.listeners(in: containerID)?.problem(with: port)
        {
            failure.message += "; " + problem.reason
            failure.hint = problem.hint
        }
        failure.logTail = await services.logTail(log, phase: .run)
        await log.append([failure.message], phase: .health)
        return failure
    }
}

extension Task where Failure == Never {
    /// The task's value; the task is cancelled when the waiting one is.
    var valueCancellingIt: Success {
        get async {
            await withTaskCancellationHandler {
                await value
            } onCancel: {
                cancel()
            }
        }
    }
}

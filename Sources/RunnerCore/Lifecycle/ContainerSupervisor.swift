import DockerEngine
import Logging

/// Reads a container's output into its log until it has ended, whatever happens to the engine meanwhile.
struct ContainerSupervisor: Sendable {
    enum End: Sendable {
        case exited(code: Int, oomKilled: Bool)
        /// Somebody removed the container by hand.
        case removed
        /// The agent lets go of it; the container goes on.
        case detached
    }

    let services: Services
    let id: InstanceID
    let containerID: String
    let settings: ContainerSettings
    let log: InstanceLog

    /// Returns when the container has ended and its last line is in the log, or when the task is cancelled.
    ///
    /// - Parameter attached: the output from its first byte on; nil for a container that an earlier agent started.
    func run(_ attached: LogStream?) async -> End {
        var stream = attached
        var continuation: OutputContinuation?
        /// Something may have been written that no stream has brought.
        var isBroken = attached == nil
        let pauses = services.limits.outputPauses
        var pause = pauses.first
        /// Whether the end of the last stream has been given time to turn out as the end of the container.
        var hasWaited = attached == nil
        while !Task.isCancelled {
            if let open = stream.take() {
                let (hasRead, isWhole) = await pump(open, &continuation)
                if hasRead { pause = pauses.first }
                if !isWhole || continuation?.isJoined == false { isBroken = true }
                hasWaited = false
                continue
            }
            do {
                let engine = try await services.engine.client()
                let details = try await engine.inspectContainer(containerID)
                if details?.state.isRunning != true { return try await end(engine, details, isBroken: isBroken) }
                services.registry.apply(.confirmed(true), to: id)
                let isStopping = services.registry.instance(id)?.status == .stopping
                if isStopping, hasWaited {
                    // A stop that the engine did not hear, because it was away.
                    try await engine.stopContainer(
                        containerID, graceSeconds: ContainerSettings.wholeSeconds(settings.stopGrace),
                        signal: settings.stopSignal)
                }
                if isStopping || !hasWaited {
                    // An engine closes the output before it knows of the end, and a program may close it and go on.
                    hasWaited = true
                    await waitForEnd(engine, atMost: pause)
                    pause = min(pause * 2, pauses.longest)
                    continue
                }
                isBroken = true
                let asked = WallTime.now()
                stream = try await engine.attach(containerID, tty: settings.tty)
                continuation = try await self.continuation(engine, details, askedAt: asked)
                isBroken = false
            } catch is CancellationError {
                break
            } catch {
                // The engine is away: what we know may no longer be so.
                stream = nil
                isBroken = true
                services.engine.note(error)
                services.registry.apply(.confirmed(false), to: id)
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, pauses.longest)
            }
        }
        return .detached
    }

    /// The container has ended, or is gone.
    private func end(_ engine: EngineClient, _ details: ContainerDetails?, isBroken: Bool) async throws -> End {
        services.registry.apply(.confirmed(true), to: id)
        if isBroken, let details {
            _ = try await continuation(engine, details, askedAt: .now())
        } else if isBroken {
            await log.appendGap("output may be missing: the container was removed while no agent read it")
        }
        await log.finishOutput(phase: .run)
        return details.map { .exited(code: $0.state.exitCode, oomKilled: $0.state.oomKilled) } ?? .removed
    }

    /// Fills a break from the engine's own log; an engine that keeps none, or another than expected, makes a gap.
    private func continuation(
        _ engine: EngineClient, _ details: ContainerDetails?, askedAt: WallTime
    ) async throws -> OutputContinuation? {
        let isJSON = try await engine.connect().kind == .docker && details?.logDriver == "json-file"
        var continuation = OutputContinuation(
            engine: engine, containerID: containerID, log: log, form: isJSON ? .json : .exact, askedAt: askedAt)
        do {
            guard !settings.tty else { throw EngineError(kind: .unsupported, message: "it has a terminal") }
            try await continuation.fill()
            return continuation
        } catch let error as EngineError where !error.isUnavailable && error.kind != .streamEnded {
            await log.appendGap("output may be missing: the engine's own log cannot be read: \(error.message)")
            return nil
        }
    }

    private func waitForEnd(_ engine: EngineClient, atMost limit: Duration) async {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await engine.wait(containerID)) != nil }
            group.addTask { (try? await Task.sleep(for: limit)) != nil }
            // A wait that fails is no news; the time limit is.
            for await isOver in group where isOver { break }
            group.cancelAll()
        }
    }

    /// Reads a stream to its end.
    ///
    /// - Returns: whether it brought anything, and whether it ended as the stream of a container that has ended does.
    private func pump(
        _ stream: LogStream, _ continuation: inout OutputContinuation?
    ) async -> (hasRead: Bool, isWhole: Bool) {
        var hasRead = false
        do {
            for try await chunks in stream {
                hasRead = true
                var output = chunks.map {
                    OutputChunk(stream: $0.stream == .stdout ? .stdout : .stderr, bytes: $0.bytes)
                }
                if continuation?.isJoined == false { output = try await continuation?.join(output) ?? output }
                await log.append(output: output, phase: .run)
            }
            return (hasRead, true)
        } catch {
            // A broken stream is no end of the container: the caller inspects it.
            services.logger.debug(
                "output stream ended", metadata: ["instance.id": "\(id)", "error": "\(error)"])
            return (hasRead, false)
        }
    }
}

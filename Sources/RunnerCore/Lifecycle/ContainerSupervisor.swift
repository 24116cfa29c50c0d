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

    private static let firstPause = Duration.milliseconds(100)
    private static let maxPause = Duration.seconds(10)

    let services: Services
    let id: InstanceID
    let containerID: String
    let settings: ContainerSettings
    let log: InstanceLog

    /// Returns when the container has ended and its last line is in the log, or when the task is cancelled.
    func run(_ attached: LogStream?) async -> End {
        var stream = attached
        var pause = Self.firstPause
        /// Whether the end of the last stream has been given time to turn out as the end of the container.
        var hasWaited = attached == nil
        var hasSaid = false
        while !Task.isCancelled {
            if let open = stream.take() {
                if await pump(open) {
                    pause = Self.firstPause
                    hasSaid = false
                }
                hasWaited = false
                continue
            }
            do {
                let engine = try await services.engine.client()
                if let end = try await end(engine) { return end }
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
                    pause = min(pause * 2, Self.maxPause)
                    continue
                }
                stream = try await engine.attach(containerID, tty: settings.tty)
                if !hasSaid {
                    await log.finishOutput(phase: .run)
                    await log.append([Self.interruption], phase: .lifecycle)
                    hasSaid = true
                }
            } catch is CancellationError {
                break
            } catch {
                // The engine is away: what we know may no longer be so.
                services.engine.note(error)
                services.registry.apply(.confirmed(false), to: id)
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, Self.maxPause)
            }
        }
        return .detached
    }

    private static let interruption =
        "the container's output is read again; what it wrote meanwhile is in the engine's own log alone"

    /// What has become of the container; nil while it runs.
    private func end(_ engine: EngineClient) async throws -> End? {
        guard let details = try await engine.inspectContainer(containerID) else {
            await log.finishOutput(phase: .run)
            return .removed
        }
        services.registry.apply(.confirmed(true), to: id)
        guard !details.state.isRunning else { return nil }
        await log.finishOutput(phase: .run)
        return .exited(code: details.state.exitCode, oomKilled: details.state.oomKilled)
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

    /// Reads a stream to its end; false when it brought nothing.
    private func pump(_ stream: LogStream) async -> Bool {
        var hasRead = false
        do {
            for try await chunks in stream {
                hasRead = true
                await log.append(
                    output: chunks.map { ($0.stream == .stdout ? .stdout : .stderr, $0.bytes) }, phase: .run)
            }
        } catch {
            // A broken stream is no end of the container: the caller inspects it.
            services.logger.debug(
                "output stream ended", metadata: ["instance.id": "\(id)", "error": "\(error)"])
        }
        return hasRead
    }
}

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

    private static let firstBackoff = Duration.milliseconds(200)
    private static let maxBackoff = Duration.seconds(10)

    let services: Services
    let id: InstanceID
    let containerID: String
    let tty: Bool
    let log: InstanceLog

    /// Returns when the container has ended and its last line is in the log, or when the task is cancelled.
    func run(_ attached: LogStream?) async -> End {
        var stream = attached
        var backoff = Self.firstBackoff
        while !Task.isCancelled {
            if let open = stream {
                await pump(open)
                stream = nil
                if Task.isCancelled { break }
            }
            do {
                let engine = try await services.engine.client()
                guard let details = try await engine.inspectContainer(containerID) else {
                    await log.finishOutput(phase: .run)
                    return .removed
                }
                services.registry.apply(.confirmed(true), to: id)
                guard details.state.isRunning else {
                    await log.finishOutput(phase: .run)
                    return .exited(code: details.state.exitCode, oomKilled: details.state.oomKilled)
                }
                if services.registry.instance(id)?.status == .stopping {
                    // A stop that the engine did not hear, because it was away.
                    try await engine.stopContainer(containerID, graceSeconds: 10)
                    continue
                }
                stream = try await engine.attach(containerID, tty: tty)
                backoff = Self.firstBackoff
                await log.append(
                    ["the container's output is read again; what it wrote meanwhile is in the engine's own log alone"],
                    phase: .lifecycle)
            } catch is CancellationError {
                break
            } catch {
                // The engine is away: what we know may no longer be so.
                services.engine.note(error)
                services.registry.apply(.confirmed(false), to: id)
                try? await Task.sleep(for: backoff)
                backoff = min(backoff * 2, Self.maxBackoff)
            }
        }
        return .detached
    }

    private func pump(_ stream: LogStream) async {
        do {
            for try await chunks in stream {
                await log.append(
                    output: chunks.map { ($0.stream == .stdout ? .stdout : .stderr, $0.bytes) }, phase: .run)
            }
        } catch {
            // A broken stream is no end of the container: the caller inspects it.
            services.logger.debug(
                "output stream ended", metadata: ["instance.id": "\(id)", "error": "\(error)"])
        }
    }
}

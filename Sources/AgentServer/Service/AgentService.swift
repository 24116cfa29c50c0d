internal import Glibc
package import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
package import RunnerCore
internal import ServiceLifecycle

/// What an agent serves.
package struct AgentServiceOptions: Sendable {
    /// The unix socket's path; nil serves none.
    package var socketPath: String?
    package var socketAccess = SocketAccess.owner
    /// The client that started this process; nil when there is none.
    package var stdio: StandardStreams?
    /// What was read from stdin before the agent had it (by a ``StdioForwarder``).
    package var stdioReceived: [UInt8] = []
    package var limits = SessionLimits()
    package var version: String
    /// The OpenRPC document that `rpc.discover` answers, as JSON text.
    package var discoverDocument: [UInt8]
    package var logger: Logger
    /// Gets every line in and out; nil keeps none.
    package var mirror: SessionMirror?
    /// Hears when the agent is ready, alive and stopping; nil when no service manager started it.
    package var serviceManager: ServiceManager?
    /// Where a service manager's sockets are looked for; see sd_listen_fds(3).
    package var socketEnvironment: [String: String] = [:]
    /// Called with the socket's path once it takes connections.
    package var onListening: @Sendable (String) -> Void = { _ in }

    package init(version: String, discoverDocument: [UInt8], logger: Logger) {
        self.version = version
        self.discoverDocument = discoverDocument
        self.logger = logger
    }
}

/// Serves one runner over the socket, stdio, or both, from the first request to an orderly end.
///
/// Clients can connect and be answered before the runner has looked at the engine. A graceful stop, by signal, by `shutdown` or
/// because stdin has ended, happens in this order: no more connections; new requests are answered `SHUTTING_DOWN`; the runner
/// ends, which ends every subscription; what is in flight is answered, within a limit; the connections are closed.
package final class AgentService: Service {
    private let runner: Runner
    private let options: AgentServiceOptions
    private let context: AgentContext
    private let registry = SessionRegistry()
    private let stop = StopSignal()
    private let stdioResult = NIOLockedValueBox<StdioEnd?>(nil)

    package init(runner: Runner, options: AgentServiceOptions) {
        self.runner = runner
        self.options = options
        context = AgentContext(
            runner: runner,
            description: AgentDescription(
                version: options.version, socketPath: options.socketPath, discoverDocument: options.discoverDocument),
            limits: options.limits,
            starts: StartRateLimit(perMinute: options.limits.startsPerMinute ?? Int(runner.startsPerMinute)),
            registry: registry, ownUID: geteuid(), log: options.logger, mirror: options.mirror,
            stop: { [stop] in stop.fire() })
    }

    /// How the stdio client ended; nil when there was none, or it has not ended.
    package var stdioEnd: StdioEnd? { stdioResult.withLockedValue { $0 } }

    /// Returns when the agent has begun to end, for whatever reason.
    package func ended() async { await stop.wait() }

    /// Begins a graceful stop.
    package func beginGracefulShutdown() { stop.fire() }

    /// Serves until a graceful stop has come to its end.
    ///
    /// Throws ``SocketError`` when the socket cannot be served.
    package func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            try await serve(on: group)
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
        await options.mirror?.flush()
    }

    private func serve(on group: MultiThreadedEventLoopGroup) async throws {
        let listener = try await listen(on: group)
        options.serviceManager?.notify("READY=1", "STATUS=serving")
        // From the loop that answers requests: when it is stuck, the manager shall know.
        let heartbeat = options.serviceManager.flatMap { manager in
            manager.watchdog.map { interval in
                group.next().scheduleRepeatedTask(initialDelay: .zero, delay: TimeAmount(interval)) { _ in
                    manager.notify("WATCHDOG=1")
                }
            }
        }
        defer { heartbeat?.cancel() }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self.runRunner() }
                if let streams = options.stdio { tasks.addTask { try await self.serveStdio(streams) } }
                await stop.wait()
                await shutDown(listener)
                try await tasks.waitForAll()
            }
        } onCancelOrGracefulShutdown: {
            self.stop.fire()
        }
    }

    private func listen(on group: MultiThreadedEventLoopGroup) async throws -> SocketListener? {
        let inherited = try SocketFile.inherited(environment: options.socketEnvironment, processID: getpid())
        guard let path = inherited?.path ?? options.socketPath else { return nil }
        let file = try inherited ?? SocketFile.listen(at: path, access: options.socketAccess)
        let listener = try await SocketListener.start(
            file, policy: PeerPolicy(ownUID: context.ownUID, access: options.socketAccess), context: context,
            group: group)
        options.onListening(path)
        return listener
    }

    /// The runner's own end, planned or not, is the end of the agent.
    private func runRunner() async {
        defer { stop.fire() }
        await runner.run()
    }

    private func serveStdio(_ streams: StandardStreams) async throws {
        defer { stop.fire() }
        let transport = try StdioTransport(streams, context: context)
        let end = await transport.run(received: options.stdioReceived)
        stdioResult.withLockedValue { $0 = end }
    }

    private func shutDown(_ listener: SocketListener?) async {
        options.serviceManager?.notify("STOPPING=1", "STATUS=stopping")
        await listener?.close()
        registry.beginShutdown()
        let deadline = ContinuousClock.now + options.limits.drainTime
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // Cancelled as soon as all is drained; then there is nothing left to cut short.
                guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
                await self.cutShort()
            }
            tasks.addTask {
                await self.runner.shutdown()
                // What is still owed now is what clients have not read.
                guard (try? await Task.sleep(for: self.options.limits.unreadTime)) != nil else { return }
                self.registry.closeAll()
            }
            await registry.waitUntilEmpty()
            tasks.cancelAll()
        }
    }

    private func cutShort() async {
        options.logger.notice("requests were still running when the time to stop was over")
        registry.abandonRequests()
        // What can be written at once is; a client that does not read is not waited for.
        guard (try? await Task.sleep(for: .milliseconds(500))) != nil else { return }
        registry.closeAll()
    }
}

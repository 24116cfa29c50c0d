import AgentServer
import Glibc
import Logging
import RunnerCore
import ServiceLifecycle
import UnixSignals

/// One agent from its settings to its end: the place where every part is made and given what it needs.
struct AgentComposition {
    private let settings: AgentSettings
    private let logger: Logger

    /// Prepares the process: its log and its limits.
    ///
    /// Once in a process.
    init(_ options: AgentOptions) throws(CommandError) {
        let settings = try AgentSettings(options)
        LoggingSystem.bootstrap { _ in LineLogHandler(format: settings.logFormat, level: settings.logLevel.level) }
        self.settings = settings
        logger = Logger(label: "runner-agent")
        for warning in settings.configFile.warnings { logger.warning("\(warning)") }
        DescriptorLimit.raise()
    }

    var socketPath: String { settings.socketPath }

    /// Takes the state directory; whoever holds it is the agent.
    func takeState() throws(StateDirectory.OpenError) -> StateDirectory {
        try StateDirectory(path: settings.stateDirectory)
    }

    /// Serves until a stop was asked for and has come to its end; answers how the stdio client ended, if there was one.
    ///
    /// Throws `SocketError` when the socket cannot be served; nothing has been read from the client then.
    func serve(_ state: StateDirectory, stdio: StandardStreams? = nil, received: [UInt8] = []) async throws -> StdioEnd?
    {
        var configuration = RunnerConfiguration(
            stateDirectory: settings.stateDirectory, cacheDirectory: settings.cacheDirectory,
            agent: settings.configFile.config, environment: ProcessEnvironment.variables, userID: geteuid(),
            version: RunnerAgent.version, logger: logger)
        configuration.engine = settings.engine
        configuration.bindAddress = settings.bindAddress
        configuration.publicHost = settings.publicHost
        let runner = try Runner(configuration, stateDirectory: state)

        var options = AgentServiceOptions(
            version: RunnerAgent.version, discoverDocument: OpenRPCDocument.bytes, logger: logger)
        options.socketPath = settings.socketPath
        options.socketAccess = settings.socketAccess
        options.stdio = stdio
        options.stdioReceived = received
        options.limits.startsPerMinute = Int(runner.startsPerMinute)
        options.serviceManager = ServiceManager(environment: ProcessEnvironment.variables, processID: getpid())
        options.socketEnvironment = ProcessEnvironment.variables
        options.onListening = announce
        options.mirror = try settings.mirror.map { try SessionMirror(path: $0) }
        let agent = AgentService(runner: runner, options: options)

        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    // Its return is the end that was asked for, by a client or by the end of stdin.
                    .init(service: agent, successTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: SecondSignal(), successTerminationBehavior: .ignore),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        do {
            try await group.run()
        } catch {
            await runner.shutdown()
            throw error
        }
        return agent.stdioEnd
    }

    /// Said whatever the log level is: those who start an agent wait for this line.
    private var announce: @Sendable (String) -> Void {
        { [logger] path in
            var logger = logger
            logger.logLevel = min(logger.logLevel, .notice)
            logger.notice("runner-agent \(RunnerAgent.version) listening on \(path)")
        }
    }
}

import AgentServer
import ArgumentParser
import Glibc
import RunnerConfig

/// Everything an agent is told from outside: flags before variables before the configuration file before defaults.
struct AgentSettings {
    var socketPath: String
    var socketAccess: SocketAccess
    var stateDirectory: String
    var cacheDirectory: String
    var configFile: ConfigFile
    var engine: String?
    var bindAddress: String?
    var publicHost: String?
    var mirror: String?
    var logLevel: LogLevel
    var logFormat: LogFormat

    init(_ options: AgentOptions) throws(CommandError) {
        socketPath = SocketPath.resolve(explicit: options.socket, environment: ProcessEnvironment.variables)
        let group = options.socketGroup ?? ProcessEnvironment.value("RUNNER_AGENT_SOCKET_GROUP")
        do throws(SocketError) {
            socketAccess = try group.map { name throws(SocketError) in try SocketAccess.group(named: name) } ?? .owner
        } catch {
            throw CommandError(.usage, error.message)
        }
        let directories = BaseDirectories()
        let state = options.stateDir.or("RUNNER_AGENT_STATE_DIR")
        stateDirectory = if let state { absolutePath(state) } else { try directories.state() }
        let cache = options.cacheDir.or("RUNNER_AGENT_CACHE_DIR")
        cacheDirectory = if let cache { absolutePath(cache) } else { try directories.cache() }
        if let path = options.config.or("RUNNER_AGENT_CONFIG") {
            configFile = try ConfigFile(path: path, isOptional: false)
        } else {
            configFile = try ConfigFile(path: try directories.config() + "/config.yml", isOptional: true)
        }
        engine = options.engine
        bindAddress = options.bindAddress.or("RUNNER_AGENT_BIND_ADDRESS")
        publicHost = options.publicHost.or("RUNNER_AGENT_PUBLIC_HOST")
        if let problem = bindAddress.flatMap(AgentConfig.problem(ofBindAddress:)) {
            throw CommandError(.usage, "--bind-address: \(problem)")
        }
        if let problem = publicHost.flatMap(AgentConfig.problem(ofPublicHost:)) {
            throw CommandError(.usage, "--public-host: \(problem)")
        }
        mirror = options.mirror.or("RUNNER_AGENT_MIRROR").map(absolutePath)
        logLevel = try Self.choice(options.logLevel, "RUNNER_AGENT_LOG_LEVEL", default: .info)
        logFormat = try Self.choice(options.logFormat, "RUNNER_AGENT_LOG_FORMAT", default: .text)
    }

    private static func choice<Value: ExpressibleByArgument>(
        _ flag: Value?, _ variable: String, default: Value
    ) throws(CommandError) -> Value {
        if let flag { return flag }
        guard let text = ProcessEnvironment.value(variable) else { return `default` }
        guard let value = Value(argument: text) else {
            throw CommandError(
                .usage, "\(variable)=\(text) is not one of \(Value.allValueStrings.joined(separator: ", ")).")
        }
        return value
    }
}

extension String? {
    /// The flag's value, or the variable's.
    fileprivate func or(_ variable: String) -> String? {
        self ?? ProcessEnvironment.value(variable)
    }
}

/// The path from the root; the working directory is that of the process.
func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/"), let directory = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(directory) }
    return unsafe String(cString: directory) + "/" + path
}

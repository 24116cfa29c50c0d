import ArgumentParser

/// The flags of `serve` and `stdio`; each may also be given by its environment variable.
struct AgentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The socket to listen on. [RUNNER_AGENT_SOCKET]", valueName: "path"))
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "A group, by name or number, whose members may use the socket too. [RUNNER_AGENT_SOCKET_GROUP]",
            valueName: "group"))
    var socketGroup: String?

    @Option(
        help: ArgumentHelp(
            "Where the journal and the logs are; one agent at a time. Default: $XDG_STATE_HOME/runner-agent. [RUNNER_AGENT_STATE_DIR]",
            valueName: "directory"))
    var stateDir: String?

    @Option(
        help: ArgumentHelp(
            "Where downloaded archives are kept. Default: $XDG_CACHE_HOME/runner-agent. [RUNNER_AGENT_CACHE_DIR]",
            valueName: "directory"))
    var cacheDir: String?

    @Option(
        help: ArgumentHelp(
            "The agent's configuration. Default: $XDG_CONFIG_HOME/runner-agent/config.yml, if there is one. [RUNNER_AGENT_CONFIG]",
            valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The engine, as unix:///path or tcp://host:port. Default: the configuration, DOCKER_HOST, docker contexts, the usual sockets.",
            valueName: "url"))
    var engine: String?

    @Option(
        help: ArgumentHelp(
            "The address of this machine that ports are bound to. Default: the configuration, 0.0.0.0. [RUNNER_AGENT_BIND_ADDRESS]",
            valueName: "address"))
    var bindAddress: String?

    @Option(
        help: ArgumentHelp(
            "The host that URLs of components name. Default: the configuration, or what ports are bound to. [RUNNER_AGENT_PUBLIC_HOST]",
            valueName: "host"))
    var publicHost: String?

    @Option(
        help: ArgumentHelp(
            "Keep every line in and out of every connection in this file, secrets replaced; for debugging clients. [RUNNER_AGENT_MIRROR]",
            valueName: "file"))
    var mirror: String?

    @Option(
        help: ArgumentHelp(
            "The least important events to log: trace, debug, info, notice, warning, error or critical. Default: info. [RUNNER_AGENT_LOG_LEVEL]",
            valueName: "level"))
    var logLevel: LogLevel?

    @Option(
        help: ArgumentHelp(
            "The log's format on stderr: text or json. Default: text. [RUNNER_AGENT_LOG_FORMAT]", valueName: "format"))
    var logFormat: LogFormat?
}

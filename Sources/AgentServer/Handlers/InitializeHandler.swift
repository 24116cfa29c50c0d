internal import Logging
internal import RunnerCore
internal import RunnerProtocol

/// `initialize`: the optional handshake.
enum InitializeHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        let params = try InitializeParams(params: try params.value())
        if let versions = params.protocolVersions, !versions.contains(InitializeResult.protocolVersion) {
            throw .domain(
                .unsupportedProtocol, message: "No protocol version in common.",
                hint: "This agent speaks the versions in data.supported.",
                extra: [("supported", .array([.int(InitializeResult.protocolVersion)]))])
        }
        let isFirstProcess = session.update { state in
            state.stopsStartedInstances = params.onDisconnect == .stop
            defer { state.watchesProcess = state.watchesProcess || params.processID != nil }
            return !state.watchesProcess
        }
        if session.peer.isStdio, isFirstProcess, let pid = params.processID.flatMap(Int32.init(exactly:)) {
            ProcessWatch.start(pid: pid) { session.endNow(.parentGone) }
        }
        session.log.debug(
            "client introduced itself",
            metadata: ["client.name": "\(params.clientInfo?.name ?? "-")", "client.peer": "\(session.peer)"])
        return Answer(
            InitializeResult(
                agentVersion: session.context.description.version, engine: engine(session.context.runner.engineState),
                limits: InfoHandler.limits(session)))
    }

    /// Nil until an engine has answered; asking one here would make the first answer wait for it.
    private static func engine(_ state: EngineSnapshot) -> InitializeResult.Engine? {
        guard let name = state.name, let version = state.version, let apiVersion = state.apiVersion else { return nil }
        return InitializeResult.Engine(name: name, version: version, apiVersion: apiVersion)
    }
}

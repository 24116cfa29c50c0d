internal import Glibc
internal import RunnerCore
internal import RunnerProtocol

/// `agent.info`: what the agent is doing and where it keeps things.
enum InfoHandler {
    static func handle(_ params: ParamsSlice, _ session: Session) throws(ResponseError) -> Answer {
        _ = try InfoParams(params: try params.value())
        let runner = session.context.runner
        let description = session.context.description
        let uptime = ContinuousClock.now - description.startedAt
        var info = AgentInfoResult(
            version: description.version, processID: Int(getpid()), startedAt: WireTime(description.startTime),
            uptimeMs: Int64(uptime / .milliseconds(1)), engine: engine(runner.engineState),
            socketPath: description.socketPath, stateDirectory: runner.paths.stateDirectory,
            cacheDirectory: runner.paths.cacheDirectory)
        info.limits = limits(session)
        let counts = runner.counts
        info.counts = [
            ("instances", Int64(counts.instances)), ("running", Int64(counts.running)),
            ("connections", Int64(session.context.registry.count)),
        ]
        return Answer(info)
    }

    /// The limits of the wire, as this agent applies them, then the runner's own.
    static func limits(_ session: Session) -> [(name: String, value: Int64)] {
        let context = session.context
        let wire = WireLimits.all.map { limit in
            switch limit.name {
            case "startsPerMinute": (limit.name, Int64(context.starts.perMinute))
            case "connections": (limit.name, Int64(context.limits.connections))
            default: (limit.name, Int64(limit.value))
            }
        }
        return wire + context.runner.limits.map { ($0.0, $0.1) }
    }

    private static func engine(_ state: EngineSnapshot) -> AgentInfoResult.Engine {
        var engine = AgentInfoResult.Engine(endpoint: state.endpoint ?? "", isReachable: state.reachable)
        engine.name = state.name
        engine.version = state.version
        engine.apiVersion = state.apiVersion
        engine.problem = state.problem
        return engine
    }
}

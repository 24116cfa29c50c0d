/// `agent.info`: what the agent is doing and where it keeps things.
package struct InfoParams: EmptyParams, Hashable {
    package static let method = WireMethod.agentInfo

    package init() {}
}

package struct AgentInfoResult: WireMessage {
    package struct Engine: WireMessage, Hashable {
        package var name: String?
        package var version: String?
        package var apiVersion: String?
        package var endpoint: String
        package var isReachable: Bool
        /// Why it is not reachable.
        package var problem: String?

        package init(endpoint: String, isReachable: Bool) {
            self.endpoint = endpoint
            self.isReachable = isReachable
        }

        package func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.member("name", name)
            writer.member("version", version)
            writer.member("apiVersion", apiVersion)
            writer.member("endpoint", endpoint)
            writer.member("reachable", isReachable)
            writer.member("problem", problem)
            writer.endObject()
        }
    }

    package var version: String
    package var processID: Int
    package var startedAt: WireTime
    package var uptimeMs: Int64
    package var engine: Engine
    /// The listening socket; nil when there is none.
    package var socketPath: String?
    package var stateDirectory: String
    package var cacheDirectory: String
    package var limits: [(name: String, value: Int64)] = []
    /// Such as `instances`, `running`, `connections`, `subscriptions`.
    package var counts: [(name: String, value: Int64)] = []

    package init(
        version: String, processID: Int, startedAt: WireTime, uptimeMs: Int64, engine: Engine, socketPath: String?,
        stateDirectory: String, cacheDirectory: String
    ) {
        self.version = version
        self.processID = processID
        self.startedAt = startedAt
        self.uptimeMs = uptimeMs
        self.engine = engine
        self.socketPath = socketPath
        self.stateDirectory = stateDirectory
        self.cacheDirectory = cacheDirectory
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", "runner-agent")
        writer.member("version", version)
        writer.member("protocolVersion", InitializeResult.protocolVersion)
        writer.member("processId", processID)
        writer.member("startedAt", startedAt)
        writer.member("uptimeMs", uptimeMs)
        writer.member("engine", engine)
        writer.member("socket", socketPath)
        writer.key("paths")
        writer.beginObject()
        writer.member("stateDirectory", stateDirectory)
        writer.member("cacheDirectory", cacheDirectory)
        writer.endObject()
        writer.member("limits", limits)
        writer.member("counts", counts)
        writer.endObject()
    }
}

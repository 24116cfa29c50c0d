package import Logging
package import RunnerConfig

/// What a `Runner` is made with: places, addresses and the agent's own configuration.
package struct RunnerConfiguration: Sendable {
    package var stateDirectory: String
    package var cacheDirectory: String
    package var agent: AgentConfig
    /// Engine address of the command line; discovery decides when it is nil.
    package var engine: String?
    package var bindAddress: String?
    package var publicHost: String?
    /// The agent's environment, for discovery and tokens.
    package var environment: [String: String]
    package var userID: UInt32
    package var version: String
    package var logger: Logger
    /// Multiplies the pauses and windows that are not a user's; a simulation makes the same decisions in less time.
    package var pace = 1.0

    package init(
        stateDirectory: String, cacheDirectory: String, agent: AgentConfig, environment: [String: String],
        userID: UInt32, version: String, logger: Logger
    ) {
        self.stateDirectory = stateDirectory
        self.cacheDirectory = cacheDirectory
        self.agent = agent
        self.environment = environment
        self.userID = userID
        self.version = version
        self.logger = logger
    }
}

/// Where the agent keeps things.
package struct RunnerPaths: Sendable {
    package var stateDirectory: String
    package var cacheDirectory: String
}

/// What is known about the engine without asking it.
package struct EngineSnapshot: Sendable {
    package var name: String?
    package var version: String?
    package var apiVersion: String?
    package var endpoint: String?
    package var reachable: Bool
    package var problem: String?
}

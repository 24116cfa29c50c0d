import DockerEngine
import GitHubSource
import HTTPTransport
import Logging
import NIOConcurrencyHelpers
import RunnerConfig

/// What every start works with, made once.
final class Services: Sendable {
    let configuration: RunnerConfiguration
    let limits: Limits
    let owner: String
    let http: HTTPClient
    let engine: EngineGate
    let github: GitHubClient
    /// Nil when none is configured.
    let catalog: CatalogClient?
    let cache: ArchiveCache
    let logs: LogStore
    let registry: InstanceRegistry
    /// Something of ours may be in the engine that belongs to no live instance: from an earlier run, or because the engine
    /// went away before it could be removed.
    let mayHaveLeftovers = NIOLockedValueBox(true)
    let logger: Logger

    init(
        configuration: RunnerConfiguration, limits: Limits, owner: String, http: HTTPClient, engine: EngineGate,
        github: GitHubClient, cache: ArchiveCache, logs: LogStore, registry: InstanceRegistry
    ) {
        self.configuration = configuration
        self.limits = limits
        self.owner = owner
        self.http = http
        self.engine = engine
        self.github = github
        catalog = configuration.agent.catalog.map {
            CatalogClient(http: http, config: $0, environment: configuration.environment)
        }
        self.cache = cache
        self.logs = logs
        self.registry = registry
        logger = configuration.logger
    }

    var bindAddress: String { configuration.bindAddress ?? configuration.agent.bindAddress ?? "0.0.0.0" }

    /// The host of the URLs we give out, as a URL writes it.
    var publicHost: String {
        if let host = configuration.publicHost ?? configuration.agent.publicHost { return Self.inURL(host) }
        return probeHost
    }

    /// Where the agent itself reaches a published port, as a URL writes it.
    var probeHost: String {
        switch bindAddress {
        case "0.0.0.0": "127.0.0.1"
        case "::": "[::1]"
        default: Self.inURL(bindAddress)
        }
    }

    private static func inURL(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    var ownerShort: String { String(owner.prefix(8)) }
    var networkName: String { "runner-" + ownerShort }

    func containerName(of id: InstanceID) -> String { "runner-\(ownerShort)-\(id.short)" }
}

/// The labels that make the engine the keeper of the truth about what is ours.
enum Label {
    static let owner = "dev.runner-agent.owner"
    static let instance = "dev.runner-agent.instance"
    static let component = "dev.runner-agent.component"
    static let epoch = "dev.runner-agent.epoch"
    static let commit = "dev.runner-agent.commit"
    static let configDigest = "dev.runner-agent.config-digest"
    static let schema = "dev.runner-agent.schema"
    static let schemaVersion = "1"
}

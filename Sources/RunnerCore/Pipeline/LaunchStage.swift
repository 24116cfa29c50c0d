import DockerEngine
import NIOConcurrencyHelpers
import RunnerConfig

/// A container that has been started and whose output is being read.
struct LaunchedContainer: Sendable {
    var id: String
    var settings: ContainerSettings
    var output: LogStream?
}

/// Phases `creating` and `starting`: a container with labels, ports and hardening; attached before it is started.
struct LaunchStage {
    /// What most images need of the kernel's capabilities; all others are dropped.
    static let capabilities = [
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID", "NET_BIND_SERVICE", "KILL",
    ]

    let context: StartContext

    /// The caller removes the container by its name when this throws: an answer lost on the way must leave nothing.
    func run(_ component: ConfiguredComponent, image: InstanceImage, commit: String?) async throws -> LaunchedContainer
    {
        let services = context.services
        let engine = try await services.engine.client()
        let name = services.containerName(of: context.id)
        let network = try await network(engine)
        let spec = try self.spec(component, image: image, commit: commit, network: network)
        let (id, warnings) = try await create(engine, name, spec)
        await context.warn(warnings)
        try context.checkCancelled()

        try await context.enter(.starting, "starting container \(name)")
        // Attached before it starts, every byte it writes is ours; the engine's own log drops lines under load.
        let output = try await engine.attach(id, tty: false)
        do {
            try await engine.startContainer(id)
        } catch let failure as ContainerStartFailure {
            if case .portInUse(let port) = failure.kind {
                throw await PreflightStage(context: context).portInUse(port ?? component.config.ports.first.fixedPort)
            }
            throw failure
        }
        guard let details = try await engine.inspectContainer(id) else {
            throw Failure(.containerStartFailed, "the container was removed while it started", hint: "start it again")
        }
        context.registry.apply(
            .created(containerID: id, endpoints: endpoints(component.config.ports, details.ports)), to: context.id)
        return LaunchedContainer(id: id, settings: settings(component.config), output: output)
    }

    /// Not cut off by cancellation, which is why it is an unstructured task: an engine goes on creating what was given up, and
    /// would be done with it after it was looked for to be removed.
    private func create(
        _ engine: EngineClient, _ name: String, _ spec: ContainerSpec
    ) async throws -> (id: String, warnings: [String]) {
        do {
            return try await Task { try await engine.createContainer(name: name, spec) }.value
        } catch let error as EngineError where error.isUnavailable {
            // It may come into being yet.
            context.services.mayHaveLeftovers.withLockedValue { $0 = true }
            throw error
        }
    }

    /// The id of our network, made when there is none.
    ///
    /// By label and id, never by name: an engine lets two networks have one name when two calls race, for example that of
    /// an agent which was killed and that of the next one.
    private func network(_ engine: EngineClient) async throws -> String {
        let services = context.services
        if let known = try await engine.listNetworks(labels: [Label.owner: services.owner]).first { return known.id }
        return try await engine.createNetwork(services.networkName, labels: [Label.owner: services.owner])
    }

    private func spec(
        _ component: ConfiguredComponent, image: InstanceImage, commit: String?, network: String
    ) throws -> ContainerSpec {
        let (services, config) = (context.services, component.config)
        let forbidden = config.security.capAdd.filter { !services.configuration.agent.allowCapAdd.contains($0) }
        guard forbidden.isEmpty else {
            throw Failure(
                .configInvalid, "security.capAdd: \(forbidden.joined(separator: ", ")) is not allowed on this agent",
                hint: "list it under allow.capAdd in the agent's configuration, or do without it")
        }
        var spec = ContainerSpec(image: image.id)
        spec.environment = config.environment.map { .init(name: $0.name, value: $0.value) }
        spec.labels = [
            Label.owner: services.owner, Label.instance: context.id.description,
            Label.component: context.plan.componentRef, Label.epoch: String(context.job.epoch),
            Label.configDigest: component.digest, Label.schema: Label.schemaVersion,
        ]
        if let commit { spec.labels[Label.commit] = commit }
        spec.ports = config.ports.map {
            .init(containerPort: $0.containerPort, hostIP: services.bindAddress, hostPort: $0.fixedHostPort)
        }
        spec.memoryBytes = config.resources.memoryBytes
        spec.nanoCPUs = config.resources.cpus.map { Int64($0 * 1_000_000_000) }
        spec.pidsLimit = Int64(config.resources.pids)
        spec.capAdd = Self.capabilities + config.security.capAdd.filter { !Self.capabilities.contains($0) }
        spec.readOnlyRoot = config.security.readOnlyRoot
        if config.security.readOnlyRoot { spec.tmpfs = ["/tmp": "rw,size=64m"] }
        spec.stopSignal = config.stop.signal
        spec.stopTimeoutSeconds = Int(config.stop.grace.components.seconds)
        spec.networkMode = network
        return spec
    }

    private func endpoints(_ ports: [PortSpec], _ published: [PublishedPort]) -> [Endpoint] {
        ports.compactMap { port in
            let match = published.first {
                $0.containerPort == port.containerPort && (port.fixedHostPort ?? $0.hostPort) == $0.hostPort
            }
            guard let hostPort = match?.hostPort ?? port.fixedHostPort else { return nil }
            return Endpoint(
                containerPort: port.containerPort, hostIP: context.services.bindAddress, hostPort: hostPort,
                url: "http://\(context.services.publicHost):\(hostPort)/")
        }
    }

    private func settings(_ config: ComponentConfig) -> ContainerSettings {
        ContainerSettings(
            stopSignal: config.stop.signal, stopGrace: config.stop.grace,
            health: config.healthCheck.map(HealthCheckSettings.init), identity: context.job.identity)
    }
}

extension PortSpec? {
    fileprivate var fixedPort: Int { self?.fixedHostPort ?? self?.containerPort ?? 0 }
}

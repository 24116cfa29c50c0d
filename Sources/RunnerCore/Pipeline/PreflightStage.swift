import DockerEngine
import RunnerConfig

/// What can be known before the build: the engine answers, and the ports are free.
struct PreflightStage {
    let context: StartContext

    /// `replaced` are the instances that will be stopped for this one; their ports count as free.
    func run(_ component: ConfiguredComponent, replacing replaced: [Instance]) async throws {
        let services = context.services
        _ = try await services.engine.client()
        let own = Set(replaced.flatMap(\.ports))
        for port in component.config.ports {
            guard case .fixed(let number) = port.host, !own.contains(number) else { continue }
            switch PortProbe.probe(address: services.bindAddress, port: number) {
            case .free, .notPermitted: continue
            case .inUse: throw await portInUse(number)
            case .badAddress:
                throw Failure(
                    .portForbidden, "\(services.bindAddress) is no address of this machine",
                    hint: "set --bind-address to an address of this machine, or 0.0.0.0 for all")
            }
        }
    }

    /// Names who has the port, as far as the engine and our own list know.
    func portInUse(_ port: Int) async -> Failure {
        let holder = await holder(of: port)
        let advice = "stop \(holder ?? "it"), or publish on another port: \"auto:CONTAINERPORT\" takes a free one"
        return Failure(
            .portInUse, "port \(port) is in use by \(holder ?? "another process")", hint: advice, retryable: true
        )
        .adding("port", String(port)).adding("holder", holder ?? "another process")
    }

    private func holder(of port: Int) async -> String? {
        let own = context.registry.instances().first {
            !$0.status.isTerminal && $0.id != context.id && $0.ports.contains(port)
        }
        if let own { return "instance \(own.id) (\(own.componentRef))" }
        // Who holds the port is a courtesy: without an answer the message says "another process".
        guard let client = try? await context.services.engine.client(),
            let containers = try? await client.listContainers(labels: [:], all: false),
            let container = containers.first(where: { $0.ports.contains { $0.hostPort == port } })
        else { return nil }
        return "container \(container.names.first ?? String(container.id.prefix(12)))"
    }
}

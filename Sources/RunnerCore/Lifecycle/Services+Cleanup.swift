import DockerEngine
import Logging
import NIOConcurrencyHelpers

extension Services {
    /// Removes a container of ours, and the network when it was the last one.
    ///
    /// Runs to its end whatever becomes of the calling task: a cancelled start must not leave its container behind, and a
    /// cancelled task's calls to the engine are cut off. That is why it is an unstructured task.
    func removeContainer(_ nameOrID: String, of id: InstanceID? = nil) async {
        do {
            try await removeContainerOrThrow(nameOrID, of: id)
        } catch {
            self.engine.note(error)
            mayHaveLeftovers.withLockedValue { $0 = true }
            logger.warning(
                "a container could not be removed; it is removed at the next start",
                metadata: ["container": "\(nameOrID)", "error": "\(error)"])
        }
    }

    func removeContainerOrThrow(_ nameOrID: String, of id: InstanceID? = nil) async throws {
        try await Task { [self] in
            let engine = try await engine.client()
            try await engine.removeContainer(nameOrID, force: true)
            try await removeNetworksIfUnused(engine, by: id)
        }.value
    }

    /// `id` is the instance that has just let go of them.
    func removeNetworksIfUnused(_ engine: EngineClient, by id: InstanceID? = nil) async throws {
        // One that is about to create its container has looked the network up already.
        let isWanted = registry.instances().contains { instance in
            instance.id != id && !instance.status.isTerminal && instance.phase.map { $0 >= .creating } == true
        }
        guard !isWanted else { return }
        let remaining = try await engine.listContainers(labels: [Label.owner: owner], all: true)
        guard remaining.isEmpty else { return }
        for network in try await engine.listNetworks(labels: [Label.owner: owner]) {
            do {
                try await engine.removeNetwork(network.id)
            } catch let error as EngineError where error.status != nil {
                // In use again by a start that is under way, which needs it.
                logger.debug("the network is kept", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Where a container's programs listen, as far as this machine's kernel tells.
    func listeners(in containerID: String) async -> ContainerListeners? {
        // Without an answer there is only less to say.
        guard let engine = try? await engine.client(), let details = try? await engine.inspectContainer(containerID)
        else { return nil }
        return ContainerListeners(processID: details.state.pid)
    }

    /// The newest lines of a phase, for failures.
    func logTail(_ log: InstanceLog, phase: LogPhase) async -> [String] {
        var query = LogQuery()
        query.tail = limits.logTailLines
        query.phases = [phase]
        // No log, no tail: the failure itself is what matters.
        guard let page = try? await logs.page(of: log, query) else { return [] }
        return page.records.filter { $0.gap == nil }.map { String(decoding: $0.bytes.prefix(500), as: UTF8.self) }
    }
}

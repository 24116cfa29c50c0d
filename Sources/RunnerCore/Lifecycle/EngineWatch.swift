import DockerEngine
import Logging

/// Notices an engine that takes connections and answers nothing: no stream breaks then, and no event comes.
///
/// Asks only while something of ours runs. What cannot be confirmed is stale until the engine answers again.
struct EngineWatch: Sendable {
    let services: Services

    /// Runs until its task is cancelled.
    func run() async {
        var doubted: Set<InstanceID> = []
        while (try? await Task.sleep(for: services.limits.engineCheckPause)) != nil {
            let live = services.registry.instances().filter { !$0.status.isTerminal && $0.containerID != nil }
            guard !live.isEmpty else { continue }
            do {
                try await services.engine.client().reconnect()
                for instance in live where doubted.contains(instance.id) { try await confirm(instance) }
                doubted = []
            } catch {
                guard !Task.isCancelled else { return }
                services.engine.note(error)
                for instance in live where services.registry.apply(.confirmed(false), to: instance.id) != nil {
                    doubted.insert(instance.id)
                }
            }
        }
    }

    /// One that has ended meanwhile is its supervisor's to tell.
    private func confirm(_ instance: Instance) async throws {
        guard let id = instance.containerID,
            try await services.engine.client().inspectContainer(id)?.state.isRunning == true
        else { return }
        services.registry.apply(.confirmed(true), to: instance.id)
    }
}

import DockerEngine
import Logging

extension Services {
    /// Removes older images of a component that has just been started; returns at once.
    ///
    /// The image that runs and the newest others stay, `Limits.imagesPerComponent` in all. Only images with this agent's
    /// labels are looked at, and one that any container uses, running or not, is never removed. An error is none of the
    /// start's: what stays is removed after the next one.
    func removeOldImages(of componentRef: String, keeping current: InstanceID) {
        // Unstructured: the component runs already and nobody waits for this.
        Task { [self] in
            do {
                try await ImageRetention(services: self).run(componentRef, keeping: current)
            } catch {
                logger.debug("old images were not removed", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// Which images of a component go, and their removal.
struct ImageRetention {
    let services: Services

    func run(_ componentRef: String, keeping current: InstanceID) async throws {
        let live = services.registry.instances().filter { !$0.status.isTerminal }
        // Another start may have found one of them and not have made its container yet.
        guard !live.contains(where: { $0.componentRef == componentRef && $0.status == .starting }) else { return }
        let engine = try await services.engine.client()
        let labels = [Label.owner: services.owner, Label.component: componentRef]
        let images = try await engine.listImages(labels: labels)
        guard images.count > services.limits.imagesPerComponent else { return }
        let used = Set(try await engine.listContainers(labels: [:], all: true).map(\.imageID))
        let newestFirst = images.sorted { lastUse(of: $0, current) > lastUse(of: $1, current) }
        let kept = used.union(live.compactMap(\.image?.id))
        for image in newestFirst.dropFirst(services.limits.imagesPerComponent) where !kept.contains(image.id) {
            // By our names: an id with several is refused, forcing would not ask whether it is used, and a name that
            // somebody else has given is not ours to take away.
            let ours = image.tags.filter { $0.contains("runner-agent/\(services.ownerShort)/") }
            for name in image.tags.isEmpty ? [image.id] : ours {
                do {
                    try await engine.removeImage(name)
                } catch let error as EngineError where error.status != nil {
                    // Taken into use just now, or the base of another image; Podman has another status for each.
                    services.logger.debug("an image is kept", metadata: ["image": "\(name)", "error": "\(error)"])
                }
            }
        }
    }

    /// When an image was last started, as far as the history goes; else when it was made.
    private func lastUse(of image: ImageSummary, _ current: InstanceID) -> Int64 {
        let starts = services.registry.instances().filter { $0.image?.id == image.id }
        if starts.contains(where: { $0.id == current }) { return .max }
        return starts.map(\.startedAt.nanoseconds).max() ?? image.created * 1_000_000_000
    }
}

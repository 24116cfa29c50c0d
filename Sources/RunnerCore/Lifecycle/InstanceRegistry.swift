import NIOConcurrencyHelpers

/// All instances in memory: the one place that lists are answered from.
///
/// Readers take a lock for as long as a copy takes; nothing in here waits or does I/O.
final class InstanceRegistry: Sendable {
    private struct State {
        var lifecycles: [InstanceID: InstanceLifecycle] = [:]
        /// Oldest start first.
        var order: [InstanceID] = []
        var watches: [ObjectIdentifier: InstanceWatch] = [:]
        var epoch: Int64 = 0
        /// Changes whenever anything in here does.
        var version: UInt64 = 0
    }

    private let state = NIOLockedValueBox(State())

    /// Newest start first.
    func instances() -> [Instance] {
        state.withLockedValue { state in state.order.reversed().compactMap { state.lifecycles[$0]?.instance } }
    }

    var version: UInt64 { state.withLockedValue { $0.version } }

    func instance(_ id: InstanceID) -> Instance? {
        state.withLockedValue { $0.lifecycles[id]?.instance }
    }

    func epoch(of id: InstanceID) -> Int64? {
        state.withLockedValue { $0.lifecycles[id]?.epoch }
    }

    /// Puts a known instance back after a restart.
    func restore(_ instance: Instance, epoch: Int64) {
        state.withLockedValue { state in
            state.lifecycles[instance.id] = InstanceLifecycle(instance, epoch: epoch)
            state.order.append(instance.id)
            state.epoch = max(state.epoch, epoch)
            state.version += 1
        }
    }

    /// Adds a new start and gives its epoch.
    func add(_ instance: Instance) -> Int64 {
        let (epoch, watches) = state.withLockedValue { state in
            state.epoch += 1
            state.lifecycles[instance.id] = InstanceLifecycle(instance, epoch: state.epoch)
            state.order.append(instance.id)
            state.version += 1
            return (state.epoch, Array(state.watches.values))
        }
        for watch in watches { watch.note(instance) }
        return epoch
    }

    /// Applies an event; the new snapshot, or nil when it changed nothing.
    @discardableResult
    func apply(_ event: LifecycleEvent, to id: InstanceID) -> Instance? {
        let now = WallTime.now()
        // The watches are told inside the lock, so that each sees the revisions of an instance in order.
        return state.withLockedValue { state in
            guard var lifecycle = state.lifecycles[id], lifecycle.apply(event, at: now) else { return nil }
            state.lifecycles[id] = lifecycle
            state.version += 1
            for watch in state.watches.values { watch.note(lifecycle.instance) }
            return lifecycle.instance
        }
    }

    /// What the instance would be after an event, which is not applied yet.
    func instance(_ id: InstanceID, after event: LifecycleEvent) -> Instance? {
        let now = WallTime.now()
        return state.withLockedValue { state in
            guard var lifecycle = state.lifecycles[id] else { return nil }
            _ = lifecycle.apply(event, at: now)
            return lifecycle.instance
        }
    }

    /// Forgets a terminal instance; false when it is unknown or live.
    func remove(_ id: InstanceID) -> Bool {
        state.withLockedValue { state in
            guard state.lifecycles[id]?.instance.status.isTerminal == true else { return false }
            state.lifecycles[id] = nil
            state.order.removeAll { $0 == id }
            state.version += 1
            return true
        }
    }

    func watch(_ filter: @escaping @Sendable (Instance) -> Bool) -> InstanceWatch {
        state.withLockedValue { state in
            let snapshot = state.order.reversed().compactMap { state.lifecycles[$0]?.instance }
            let watch = InstanceWatch(snapshot: snapshot, filter: filter)
            state.watches = state.watches.filter { !$0.value.isClosed }
            state.watches[ObjectIdentifier(watch)] = watch
            return watch
        }
    }

    func closeWatches() {
        for watch in state.withLockedValue({ Array($0.watches.values) }) { watch.cancel() }
    }
}

/// Lets one task at a time work on each key, in the order they came.
actor KeyedGate {
    private struct Waiter {
        let ticket: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    /// A key is present while somebody holds it.
    private var waiters: [String: [Waiter]] = [:]
    private var nextTicket = 0

    /// Waits until nobody holds `key` and takes it; throws `CancellationError` when the task is cancelled meanwhile.
    func enter(_ key: String) async throws {
        guard waiters[key] != nil else {
            waiters[key] = []
            return
        }
        nextTicket += 1
        let ticket = nextTicket
        let entered = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A task cancelled before it waits has had its handler run already: nobody would wake it.
                if Task.isCancelled {
                    continuation.resume(returning: false)
                } else {
                    waiters[key, default: []].append(Waiter(ticket: ticket, continuation: continuation))
                }
            }
        } onCancel: {
            // A cancellation handler cannot wait for the actor.
            Task { await self.abandon(key, ticket: ticket) }
        }
        guard entered else { throw CancellationError() }
    }

    func leave(_ key: String) {
        guard var queue = waiters[key] else { preconditionFailure("a gate is left that nobody entered") }
        guard !queue.isEmpty else {
            waiters[key] = nil
            return
        }
        let next = queue.removeFirst()
        waiters[key] = queue
        next.continuation.resume(returning: true)
    }

    private func abandon(_ key: String, ticket: Int) {
        guard let index = waiters[key]?.firstIndex(where: { $0.ticket == ticket }) else { return }
        waiters[key]?.remove(at: index).continuation.resume(returning: false)
    }
}

internal import RunnerProtocol

extension Session {
    /// Takes one of the places for subscriptions; the caller subscribes or gives it back.
    func reserveSubscription() throws(ResponseError) -> String {
        let id: String? = update { state in
            guard state.subscriptions.count + state.reservedSubscriptions < limits.subscriptions else { return nil }
            state.reservedSubscriptions += 1
            state.nextSubscription += 1
            return "s\(state.nextSubscription)"
        }
        guard let id else {
            throw .domain(
                .tooManySubscriptions, message: "This connection has \(limits.subscriptions) subscriptions already.",
                hint: "End one with runner.unsubscribe, or open another connection.",
                extra: [("limit", .int(limits.subscriptions))])
        }
        return id
    }

    func returnSubscription() {
        update { state in
            state.reservedSubscriptions -= 1
            state.wakeTransport()
        }
    }

    /// Turns a reserved place into a subscription; `cancel` makes its producer come to an end.
    func subscribe(_ id: String, outlivesInput: Bool, cancel: @escaping @Sendable () -> Void) {
        update { state in
            state.reservedSubscriptions -= 1
            state.subscriptions[id] = SessionState.Subscription(cancel: cancel, outlivesInput: outlivesInput)
            // The client may have gone, or closed its sending side, while the request ran.
            if state.isDisconnected || (state.isInputDone && !outlivesInput) { Session.cancel(id, in: &state) }
        }
    }

    /// Ends a subscription; false when there is none of this name.
    func unsubscribe(_ id: String) -> Bool {
        update { state in
            guard let subscription = state.subscriptions[id], !subscription.isCancelled else { return false }
            Session.cancel(id, in: &state)
            return true
        }
    }

    /// Returns when the subscription may queue a chunk; false when nobody is there to read it.
    ///
    /// A producer asks before it takes anything from its source, so a client that does not read makes it stand still.
    func mayProduce(_ id: String) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = update { state in
                guard !state.isDisconnected, let subscription = state.subscriptions[id] else { return false }
                if subscription.isCancelled || subscription.queuedChunks < limits.chunksPerSubscription { return true }
                state.subscriptions[id]?.waiter = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Queues whole notification lines of a subscription.
    func queue(_ lines: [UInt8], of id: String) {
        update { state in
            guard !state.isDisconnected, state.subscriptions[id] != nil else { return }
            state.subscriptions[id]?.queuedChunks += 1
            state.outbox.append(Outbox.Chunk(subscription: id, bytes: lines))
            state.wakeTransport()
        }
    }

    /// Forgets a subscription after its last lines, which follow all that it queued before.
    func endSubscription(_ id: String, lastLines: [UInt8] = []) {
        update { state in
            state.subscriptions[id] = nil
            if !lastLines.isEmpty, !state.isDisconnected {
                state.outbox.append(Outbox.Chunk(subscription: id, bytes: lastLines))
            }
            state.wakeTransport()
        }
    }
}

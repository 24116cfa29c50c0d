internal import Logging
internal import RunnerProtocol

extension Session {
    /// Queues whole answer lines that were made on the input thread, whose transport looks at the outbox by itself.
    func queueAnswers(_ lines: [UInt8]) {
        guard !lines.isEmpty else { return }
        update { state in
            if !state.isDisconnected { state.outbox.append(answer: lines) }
        }
    }

    /// Queues one answer line made anywhere else, then wakes the transport.
    func queueAnswer(_ line: [UInt8]) {
        update { state in
            guard !state.isDisconnected else { return }
            state.outbox.append(answer: line)
            state.wakeTransport()
        }
    }

    /// Runs a request in a task of its own; its answer goes to `reply` when it is done.
    ///
    /// The task is not a child of anything: it is begun in an event loop's callback, and a start has to outlive the connection
    /// that asked for it. The session keeps it until it has answered.
    func run(
        _ method: SlowMethod, params: ParamsSlice, id: RequestID?, reply: Reply, turn: Turn?
    ) {
        let serial = update { state in
            state.nextSerial += 1
            state.running[state.nextSerial] = SessionState.RunningRequest(
                id: id, endsWithConnection: method.endsWithConnection)
            return state.nextSerial
        }
        let request = Request(session: self, params: params, serial: serial, turn: turn)
        let task = Task {
            let outcome = await method.outcome(of: request)
            // A call that failed before its turn must not let the next one overtake those before it.
            await turn?.begin()
            turn?.pass()
            await self.finish(serial, outcome, reply)
        }
        update { state in
            // A task that is already done has removed its entry.
            guard state.running[serial] != nil else { return }
            state.running[serial]?.task = task
            // A disconnect may have come between the two.
            if state.isDisconnected, method.endsWithConnection { state.later { task.cancel() } }
        }
    }

    /// Cancels every request in flight that has this id; false for an unknown one, which may just have been answered.
    @discardableResult
    func cancelRequests(id: RequestID) -> Bool {
        update { state in
            var isKnown = false
            for (serial, request) in state.running where request.id == id {
                isKnown = true
                state.running[serial]?.isCancelled = true
                if let task = request.task { state.later { task.cancel() } }
            }
            return isKnown
        }
    }

    func isCancelled(_ serial: UInt64) -> Bool {
        update { $0.running[serial]?.isCancelled ?? false }
    }

    /// Answers the request, unless a cancel came first: then what it did is undone and it is answered as cancelled.
    private func finish(_ serial: UInt64, _ outcome: RequestOutcome, _ reply: Reply) async {
        guard case .success(let answer) = outcome else {
            complete(serial, reply, reply.encode(outcome))
            return
        }
        let line = reply.encode(outcome)
        guard complete(serial, reply, line, unlessCancelled: true, whenQueued: answer.whenQueued) == .cancelled else {
            return
        }
        let instanceID = await answer.undo?()
        complete(serial, reply, reply.encode(.failure(.cancelled(instanceID: instanceID))))
    }

    private enum Completion { case done, cancelled }

    /// Hands `line` over and forgets the request, both in one step; with `unlessCancelled`, does nothing after a cancel.
    @discardableResult
    private func complete(
        _ serial: UInt64, _ reply: Reply, _ line: [UInt8], unlessCancelled: Bool = false,
        whenQueued: (@Sendable () -> Void)? = nil
    ) -> Completion {
        let completion: Completion? = update { state in
            // No entry: the request was abandoned, and has been answered.
            guard let request = state.running[serial] else { return nil }
            if unlessCancelled, request.isCancelled { return .cancelled }
            if case .batch = reply {
                // Still owed until the batch has the line: without a running request this connection might be closed.
                state.running[serial]?.isAnswered = true
            } else {
                if case .single = reply, !state.isDisconnected { state.outbox.append(answer: line) }
                Self.forget(serial, in: &state)
            }
            return .done
        }
        guard let completion, completion == .done else { return completion ?? .done }
        if case .batch(let batch, _) = reply {
            batch.finish(line, whenQueued: whenQueued)
            update { Self.forget(serial, in: &$0) }
        } else {
            whenQueued?()
        }
        return .done
    }

    private static func forget(_ serial: UInt64, in state: inout SessionState) {
        state.running[serial] = nil
        // Also when there is nothing to send: reading may have paused, or this was the last thing owed.
        state.wakeTransport()
    }
}

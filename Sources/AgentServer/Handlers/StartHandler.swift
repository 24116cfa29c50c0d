internal import RunnerCore
internal import RunnerProtocol

/// `runner.start`: begins a start and, when asked to, waits for what became of it.
enum StartHandler {
    static func handle(_ request: Request) async throws -> Answer {
        let params = try StartParams(params: try request.params.value())
        let session = request.session
        try session.context.starts.take(uid: session.peer.uid(own: session.context.ownUID))
        await request.turn?.begin()
        if request.isCancelled { throw ResponseError.cancelled() }

        let progress = params.progressToken.map { ProgressReporter(session: session, token: $0) }
        var start = StartRequest(params)
        if let progress { start.progress = { progress.report($0) } }
        let (accepted, isReused) = try await request.runner.accept(start)
        request.turn?.pass()
        // What another client has started is not ended for this one.
        if !isReused { session.noteStarted(accepted.id) }

        guard let goal = WaitGoal(params.wait) else { return answer(accepted, isReused, request) }
        let reached = await request.runner.awaitStart(accepted.id, until: goal)
        if request.isCancelled {
            progress?.finish("cancelled")
            if !isReused { await cancel(accepted.id, request) }
            throw ResponseError.cancelled(instanceID: accepted.id.description)
        }
        // Removed by another client while we waited.
        guard let reached else { throw ResponseError.instanceNotFound(accepted.id.description) }
        progress?.finish(reached.status.rawValue)
        if let failure = reached.failure { throw ResponseError(failure, instanceID: reached.id) }
        return answer(reached, isReused, request)
    }

    private static func answer(_ instance: Instance, _ isReused: Bool, _ request: Request) -> Answer {
        Answer(
            undo: {
                if !isReused { await cancel(instance.id, request) }
                return instance.id.description
            },
            result: { InstanceMessage(instance).write(to: &$0) })
    }

    /// Gives up what a cancelled call has started.
    private static func cancel(_ id: InstanceID, _ request: Request) async {
        let runner = request.runner
        // In a task of its own, because this one is cancelled and what it waits for must not be.
        await Task { await runner.cancelStart(id) }.value
    }
}

extension WaitGoal {
    /// Nil when the answer is due at once.
    fileprivate init?(_ wait: StartParams.Wait) {
        switch wait {
        case .accepted: return nil
        case .running: self = .running
        case .healthy: self = .healthy
        }
    }
}

internal import RunnerCore
internal import RunnerProtocol

/// `runner.stop`: stops an instance, or cancels its start; answered when it is terminal.
enum StopHandler {
    static func handle(_ request: Request) async throws -> Answer {
        let params = try StopParams(params: try request.params.value())
        let id = try InstanceID(wire: params.instanceID)
        await request.turn?.begin()
        // Passed on before it is done: a stop may take its whole grace, and it need not hold up the next call.
        request.turn?.pass()
        let grace = params.timeoutSeconds.map { Duration.seconds($0) }
        return Answer(InstanceMessage(try await request.runner.stop(id, grace: grace)))
    }
}

extension InstanceID {
    /// An id as a client wrote it; text that cannot be one names no instance either.
    init(wire text: String) throws(ResponseError) {
        guard let id = InstanceID(text) else { throw .instanceNotFound(text) }
        self = id
    }
}

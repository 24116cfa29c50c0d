internal import RunnerCore
internal import RunnerProtocol

/// `runner.remove`: drops a terminal instance with its logs.
enum RemoveHandler {
    static func handle(_ request: Request) async throws -> Answer {
        let params = try RemoveParams(params: try request.params.value())
        let id = try InstanceID(wire: params.instanceID)
        await request.turn?.begin()
        try await request.runner.remove(id)
        return Answer(EmptyResult())
    }
}

internal import RunnerCore
internal import RunnerProtocol

/// `runner.validate`: reads and checks what a start would use; starts nothing.
enum ValidateHandler {
    static func handle(_ request: Request) async throws -> Answer {
        let params = try ValidateParams(params: try request.params.value())
        let report = try await request.runner.validate(StartRequest(params))
        return Answer(try ValidateResult(report))
    }
}

internal import RunnerCore
internal import RunnerProtocol

extension ResponseError {
    /// The one place where the runner's failures become errors of the wire.
    init(_ failure: Failure, instanceID: InstanceID? = nil) {
        switch failure.code {
        case FailureCode.invalidRequest.rawValue:
            let path = failure.details.first { $0.name == "path" }?.value ?? ""
            self = .invalidParams(path: path, reason: failure.message)
        case FailureCode.internalError.rawValue:
            self = .internalError()
        default:
            var message = FailureMessage(failure)
            message.instanceID = message.instanceID ?? instanceID?.description
            self = message.responseError
        }
    }

    static func instanceNotFound(_ id: String) -> ResponseError {
        .domain(
            .instanceNotFound, message: "There is no instance \(id.prefix(64)).",
            hint: "runner.list shows the ones that are kept.")
    }
}

extension FailureMessage {
    init(_ failure: Failure) {
        self.init(code: DomainErrorCode(rawValue: failure.code), message: failure.message, retryable: failure.retryable)
        phase = failure.phase.map(WirePhase.init)
        hint = failure.hint
        retryAfterMs = failure.retryAfter.map { Int64($0 / .milliseconds(1)) }
        step = failure.step
        exitCode = failure.exitCode
        oomKilled = failure.oomKilled
        lastProbe = failure.lastProbe
        logTail = failure.logTail
        diagnostics = failure.diagnostics.map(DiagnosticMessage.init)
        details = failure.details.map { ($0.name, $0.value) }
        instanceID = failure.instanceID?.description
    }
}

extension DiagnosticMessage {
    init(_ diagnostic: Failure.Diagnostic) {
        self.init(
            line: diagnostic.line, column: diagnostic.column, path: diagnostic.path, message: diagnostic.message)
    }
}

internal import RunnerProtocol

/// `$/cancelRequest`, and the same under the name that MCP clients use.
///
/// A notification is never answered, so one that names no request is ignored.
enum CancelHandler {
    static func handleCancelRequest(_ params: ParamsSlice, _ session: Session) {
        guard let params = try? CancelParams(params: try params.value()) else { return }
        session.cancelRequests(id: params.requestID)
    }

    static func handleCancelled(_ params: ParamsSlice, _ session: Session) {
        guard let params = try? CancelledParams(params: try params.value()) else { return }
        session.cancelRequests(id: params.requestID)
    }
}

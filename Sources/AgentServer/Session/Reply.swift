internal import RunnerProtocol

/// Where the answer of a call goes.
enum Reply: Sendable {
    /// It was a notification: nowhere.
    case none
    case single(RequestID)
    case batch(BatchAnswer, RequestID?)

    /// The whole answer line; empty where nothing is to be said.
    func encode(_ outcome: RequestOutcome) -> [UInt8] {
        switch self {
        case .none, .batch(_, nil): return []
        case .single(let id): return encode(outcome, id)
        case .batch(let batch, let id?):
            let line = encode(outcome, id)
            if batch.hasRoom(for: line.count) { return line }
            return encode(.failure(.responseTooLarge(limitBytes: batch.limitBytes)), id)
        }
    }

    private func encode(_ outcome: RequestOutcome, _ id: RequestID) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        switch outcome {
        case .success(let answer): encodeResult(id, into: &writer, body: answer.result)
        case .failure(let error): encodeError(id, error, into: &writer)
        }
        return writer.bytes
    }
}

/// The one task that waits for something of a response.
enum ResponseWaiter: Sendable {
    typealias Head = CheckedContinuation<Result<ResponseHead, HTTPTransportError>, Never>
    typealias Chunk = CheckedContinuation<Result<[UInt8]?, HTTPTransportError>, Never>
    typealias Whole = CheckedContinuation<Result<(ResponseHead, [UInt8]), HTTPTransportError>, Never>

    case head(Head)
    case chunk(Chunk)
    case whole(Whole)
}

/// A waiter and what it gets: performed once, outside every lock.
enum Delivery: Sendable {
    case nobody
    case head(ResponseWaiter.Head, Result<ResponseHead, HTTPTransportError>)
    case chunk(ResponseWaiter.Chunk, Result<[UInt8]?, HTTPTransportError>)
    case whole(ResponseWaiter.Whole, Result<(ResponseHead, [UInt8]), HTTPTransportError>)

    consuming func perform() {
        switch self {
        case .nobody: break
        case .head(let continuation, let result): continuation.resume(returning: result)
        case .chunk(let continuation, let result): continuation.resume(returning: result)
        case .whole(let continuation, let result): continuation.resume(returning: result)
        }
    }
}

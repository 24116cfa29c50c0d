import NIOConcurrencyHelpers

/// One request and its response, between the consumer's task and the thread that runs libcurl.
///
/// libcurl's callbacks and the consumer meet in the locked state only; the easy handle itself never leaves the thread.
final class Transfer: Sendable {
    let request: HTTPRequest

    private let loop: TransferLoop
    private let response: NIOLockedValueBox<ResponseState>
    private let requestSentAt = NIOLockedValueBox<ContinuousClock.Instant?>(nil)

    init(_ request: HTTPRequest, delivery: ResponseState.Mode, on loop: TransferLoop) {
        self.request = request
        self.loop = loop
        response = NIOLockedValueBox(ResponseState(request, mode: delivery))
    }

    // MARK: The consumer's side

    /// Starts the transfer and waits for the head of the response.
    func head() async -> Result<ResponseHead, HTTPTransportError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { start(waiting: .head($0)) }
        } onCancel: {
            cancel("the task was cancelled")
        }
    }

    /// Starts the transfer and waits for its end.
    func wholeResponse() async -> Result<(ResponseHead, [UInt8]), HTTPTransportError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { start(waiting: .whole($0)) }
        } onCancel: {
            cancel("the task was cancelled")
        }
    }

    /// Waits for the next bytes of the body; `nil` at its end.
    func nextBytes() async -> Result<[UInt8]?, HTTPTransportError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let taking = response.withLockedValue { $0.takeBytes(continuation) }
                if taking.resumesReceiving { loop.post(.resumeReceiving(self)) }
                taking.delivery.perform()
            }
        } onCancel: {
            cancel("the task was cancelled")
        }
    }

    /// Ends the transfer, if it still runs, and closes its connection; undelivered bytes are dropped.
    func cancel(_ reason: String) {
        guard !isEnded else { return }
        end(HTTPTransportError(code: .cancelled, message: "\(reason) (\(request.peer))"))
    }

    /// Ends the transfer, if it still runs, with an error of our own.
    func end(_ error: HTTPTransportError) {
        guard finish(.failure(error), discardingBuffer: true) else { return }
        loop.post(.remove(self))
    }

    private func start(waiting waiter: ResponseWaiter) {
        let (mayStart, delivery) = response.withLockedValue { $0.wait(waiter) }
        delivery.perform()
        guard mayStart else { return }
        if case .stream(let pipe) = request.body, let error = pipe.attach(to: self) {
            _ = finish(.failure(error))
        } else if let error = loop.start(self) {
            _ = finish(.failure(error))
        }
    }

    private func finish(_ result: Result<Void, HTTPTransportError>, discardingBuffer: Bool = false) -> Bool {
        let (isFirst, delivery) = response.withLockedValue { state in
            (state.end == nil, state.finish(result, discardingBuffer: discardingBuffer))
        }
        guard isFirst else { return false }
        if case .stream(let pipe) = request.body {
            pipe.close(result.uploadError(request: request), from: self)
        }
        delivery.perform()
        return true
    }

    // MARK: The pipe's side

    /// The pipe has something to say to a paused upload.
    func resumeSending() {
        loop.post(.resumeSending(self))
    }

    // MARK: The thread's side

    var isEnded: Bool { response.withLockedValue { $0.end != nil } }

    /// When the response head is overdue; `nil` while nothing is awaited.
    func headDeadline(startedAt start: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard let timeout = request.responseTimeout else { return nil }
        guard response.withLockedValue({ $0.head == nil && $0.end == nil }) else { return nil }
        guard case .stream = request.body else { return start + timeout }
        return requestSentAt.withLockedValue { $0 }.map { $0 + timeout }
    }

    /// The directions that must stay paused when the other one is resumed.
    var paused: (receiving: Bool, sending: Bool) {
        let receiving = response.withLockedValue { $0.isReceivingPaused }
        guard case .stream(let pipe) = request.body else { return (receiving, false) }
        return (receiving, pipe.isReaderWaiting)
    }

    func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
        let (goesOn, delivery, head) = response.withLockedValue { state in
            let hadHead = state.head != nil
            let (goesOn, delivery) = unsafe state.receive(headerLine: line, request: request)
            return (goesOn, delivery, hadHead ? nil : state.head)
        }
        if let head, head.status >= 300, case .stream(let pipe) = request.body {
            pipe.reject(.uploadRejected(status: head.status, request: request))
        }
        delivery.perform()
        return goesOn
    }

    func see(rawBody bytes: UnsafeRawBufferPointer) {
        response.withLockedValue { unsafe $0.see(rawBody: bytes) }
    }

    func receive(body bytes: UnsafeRawBufferPointer) -> ResponseState.Acceptance {
        let (acceptance, delivery) = response.withLockedValue { state in
            unsafe state.receive(body: bytes, request: request)
        }
        delivery.perform()
        return acceptance
    }

    func readBody(into buffer: UnsafeMutableRawBufferPointer) -> HTTPBodyPipe.ReadResult {
        guard case .stream(let pipe) = request.body else { return .abort }
        let result = unsafe pipe.read(into: buffer)
        if case .end = result { requestSentAt.withLockedValue { $0 = $0 ?? .now } }
        return result
    }

    /// libcurl is done with the transfer: with `error`, unless a callback had a better reason or all has arrived.
    func complete(_ error: HTTPTransportError?) {
        let failure = response.withLockedValue { state in
            if let failure = state.failure { return failure as HTTPTransportError? }
            // The peer may reset the connection after its last byte, when it did not read all we sent.
            return state.isWhole && error?.code == .connectionLost ? nil : error
        }
        _ = finish(failure.map { .failure($0) } ?? .success(()))
    }
}

extension Result<Void, HTTPTransportError> {
    /// What a writer of the request body is told when the transfer ends before it has finished.
    fileprivate func uploadError(request: HTTPRequest) -> HTTPTransportError {
        if case .failure(let error) = self { return error }
        return HTTPTransportError(
            code: .connectionLost, message: "\(request.peer) ended the exchange before the whole request was sent")
    }
}

/// How far a response has come, what of it is undelivered, and who waits for it.
///
/// Events in, actions out: nothing here calls libcurl or resumes anybody. The owner performs the returned `Delivery`
/// after it has left its lock.
struct ResponseState: Sendable {
    enum Mode: Sendable {
        /// Head first, then the body in pieces.
        case stream
        /// Everything at the end.
        case whole
    }

    /// What libcurl is told about the bytes it offered.
    enum Acceptance: Sendable {
        case taken
        /// Not taken; libcurl keeps them and offers them again.
        case paused
        /// Not taken; the transfer is over.
        case refused
    }

    /// Returned by `takeBytes`; `resumesReceiving` asks the owner to lift the pause.
    struct Taking: Sendable {
        var delivery: Delivery = .nobody
        var resumesReceiving = false
    }

    private(set) var head: ResponseHead?
    private(set) var receivedBytes: Int64 = 0
    /// The first reason to end the transfer, or how it ended; never changes once set.
    private(set) var end: Result<Void, HTTPTransportError>?
    /// A reason to fail that a callback found; libcurl reports the end of the transfer a moment later.
    private(set) var failure: HTTPTransportError?
    private(set) var isReceivingPaused = false

    private let mode: Mode
    private let bufferBytes: Int
    private let wakeBytes: Int
    private let maxBodyBytes: Int64
    private var parser = ResponseHeadParser()
    private var framing: ChunkedFraming?
    private var buffer: [UInt8] = []
    private var lastTakenCount = 0
    private var waiter: ResponseWaiter?

    init(_ request: HTTPRequest, mode: Mode) {
        self.mode = mode
        bufferBytes = max(1, request.bufferBytes)
        // A consumer that waits for more than the buffer holds would wait forever.
        wakeBytes = min(max(1, request.wakeBytes), bufferBytes)
        maxBodyBytes = request.maxBodyBytes ?? .max
    }

    // MARK: Events of the connection

    /// A header line; returns whether the transfer goes on.
    mutating func receive(headerLine line: UnsafeRawBufferPointer, request: HTTPRequest) -> (Bool, Delivery) {
        guard end == nil, failure == nil else { return (false, .nobody) }
        switch unsafe parser.consume(line: line) {
        case .more:
            return (true, .nobody)
        case .tooLarge:
            failure = .headTooLarge(request: request)
            return (false, .nobody)
        case .complete(let head):
            self.head = head
            guard case .head(let continuation)? = waiter else { return (true, .nobody) }
            waiter = nil
            return (true, .head(continuation, .success(head)))
        }
    }

    /// A piece of the body.
    mutating func receive(body bytes: UnsafeRawBufferPointer, request: HTTPRequest) -> (Acceptance, Delivery) {
        guard end == nil, failure == nil else { return (.refused, .nobody) }
        if mode == .stream, buffer.count >= bufferBytes {
            isReceivingPaused = true
            return (.paused, .nobody)
        }
        guard Int64(bytes.count) <= maxBodyBytes - receivedBytes else {
            failure = .bodyTooLarge(limitBytes: maxBodyBytes, request: request)
            return (.refused, .nobody)
        }
        receivedBytes += Int64(bytes.count)
        if buffer.isEmpty { buffer.reserveCapacity(max(bytes.count, expectedCount)) }
        unsafe buffer.append(contentsOf: bytes)
        guard case .chunk(let continuation)? = waiter, buffer.count >= wakeBytes else { return (.taken, .nobody) }
        waiter = nil
        return (.taken, .chunk(continuation, .success(takeBuffer())))
    }

    /// The body as it is on the wire, before `receive(body:)` gets it decoded.
    mutating func see(rawBody bytes: UnsafeRawBufferPointer) {
        if framing == nil, head?.headers["Transfer-Encoding"]?.lowercased() == "chunked" { framing = ChunkedFraming() }
        unsafe framing?.consume(bytes)
    }

    /// Whether all of the declared body has arrived, as far as can be told.
    var isWhole: Bool {
        if let framing { return framing.isAtEnd }
        return head?.contentLength == receivedBytes
    }

    /// The end of the transfer; only the first call has an effect.
    mutating func finish(_ result: Result<Void, HTTPTransportError>, discardingBuffer: Bool = false) -> Delivery {
        guard end == nil else { return .nobody }
        end = result
        if discardingBuffer { buffer = [] }
        guard let waiter = waiter.take() else { return .nobody }
        switch waiter {
        case .head(let continuation): return .head(continuation, headResult(result))
        case .chunk(let continuation): return .chunk(continuation, nextResult(result))
        case .whole(let continuation): return .whole(continuation, wholeResult(result))
        }
    }

    // MARK: Events of the consumer

    /// Registers the one who waits for the head or the whole response; returns whether the transfer may start.
    mutating func wait(_ newWaiter: ResponseWaiter) -> (Bool, Delivery) {
        precondition(waiter == nil, "a response has one consumer")
        waiter = newWaiter
        guard let end else { return (true, .nobody) }
        self.end = nil
        return (false, finish(end))
    }

    /// The consumer asks for bytes.
    mutating func takeBytes(_ continuation: ResponseWaiter.Chunk) -> Taking {
        precondition(waiter == nil, "a response body has one consumer")
        if !buffer.isEmpty, buffer.count >= wakeBytes || end != nil || isReceivingPaused {
            let resumes = isReceivingPaused
            isReceivingPaused = false
            return Taking(delivery: .chunk(continuation, .success(takeBuffer())), resumesReceiving: resumes)
        }
        if let end { return Taking(delivery: .chunk(continuation, nextResult(end))) }
        waiter = .chunk(continuation)
        return Taking()
    }

    // MARK: Results

    private mutating func takeBuffer() -> [UInt8] {
        lastTakenCount = buffer.count
        defer { buffer = [] }
        return buffer
    }

    private var expectedCount: Int {
        switch mode {
        case .stream: min(lastTakenCount, bufferBytes)
        case .whole: min(Int(clamping: head?.contentLength ?? 0), bufferBytes, Int(clamping: maxBodyBytes))
        }
    }

    private func headResult(_ end: Result<Void, HTTPTransportError>) -> Result<ResponseHead, HTTPTransportError> {
        if let head { return .success(head) }
        return .failure(end.failure ?? .missingHead)
    }

    private mutating func nextResult(
        _ end: Result<Void, HTTPTransportError>
    ) -> Result<[UInt8]?, HTTPTransportError> {
        if !buffer.isEmpty { return .success(takeBuffer()) }
        return end.map { nil }
    }

    private mutating func wholeResult(
        _ end: Result<Void, HTTPTransportError>
    ) -> Result<(ResponseHead, [UInt8]), HTTPTransportError> {
        if let error = end.failure { return .failure(error) }
        guard let head else { return .failure(.missingHead) }
        return .success((head, takeBuffer()))
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}

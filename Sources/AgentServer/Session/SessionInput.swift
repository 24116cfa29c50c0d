internal import Logging
internal import RunnerProtocol

/// The receiving side of a session: cuts lines, answers what can be answered from memory on the spot, and starts the rest.
///
/// Not for two threads: an event loop or a reader thread owns it. All answers of one call go to the outbox together, so a burst
/// of requests costs one write.
struct SessionInput {
    private let session: Session
    private var framer: LineFramer
    private var hasEnded = false
    /// All that was received has been taken, and no more comes.
    private(set) var isFinished = false
    private var lastTurn: Turn?
    private var held = HeldLines()
    /// Tells one unfinished line from the next.
    private(set) var linesTaken = 0

    init(session: Session) {
        self.session = session
        framer = LineFramer(limitBytes: session.limits.lineBytes)
    }

    /// Whether more bytes are wanted: not while answers wait to be read, and only a little while too many requests run.
    var wantsBytes: Bool { !hasEnded && (session.wantsRequests() || looksAhead) }

    private var looksAhead: Bool { !held.isFull && session.runsTooMany }

    /// The client has begun a line and not ended it.
    var hasPartialLine: Bool { framer.partialBytes > 0 && !isFinished }

    mutating func receive(_ bytes: [UInt8]) {
        framer.append(bytes)
        advance()
    }

    /// The client sends no more, which ends its last line.
    mutating func end() {
        hasEnded = true
        advance()
    }

    /// Takes lines for as long as the session wants them; returns whether it took any.
    ///
    /// Called again whenever the session may want more: a request has been answered, or answers have been sent.
    @discardableResult
    mutating func advance() -> Bool {
        guard !isFinished else { return false }
        var writer = JSONWriter(reserving: 1_024)
        var tookLines = false
        while !isFinished {
            guard session.wantsRequests(besides: writer.bytes.count) else {
                guard looksAhead, let line = framer.next() else { break }
                hold(line)
                continue
            }
            if let line = held.popFirst() ?? framer.next() {
                linesTaken += 1
                take(line, &writer)
                tookLines = true
            } else if hasEnded {
                isFinished = true
                if let last = framer.finish() { take(last, &writer) }
            } else {
                break
            }
        }
        session.queueAnswers(writer.bytes)
        if isFinished { session.inputEnded() }
        return tookLines
    }

    /// Keeps a line for its turn; a cancel of what runs has its turn at once.
    private mutating func hold(_ line: FramedLine) {
        if let id = HeldLines.cancelledID(line), session.cancelRequests(id: id) {
            if case .line(let bytes) = line { session.noteReceived(bytes) }
            return
        }
        // It may cancel a request that is held itself, and comes after it.
        held.append(line)
    }

    private mutating func take(_ line: FramedLine, _ writer: inout JSONWriter) {
        switch line {
        case .tooLong:
            encodeError(.null, .messageTooLarge(limitBytes: session.limits.lineBytes), into: &writer)
        case .line(let bytes):
            session.noteReceived(bytes)
            switch decodeInbound(bytes) {
            case .single(let item): take(item, &writer)
            case .batch(let items): take(batch: items)
            }
        }
    }

    private mutating func take(_ item: InboundItem, _ writer: inout JSONWriter) {
        switch item {
        case .response: break
        case .invalid(let id, let error): encodeError(id, error, into: &writer)
        case .call(let call):
            if call.id == nil {
                // It may be `exit`, which must not cut off the answers of what came before it.
                session.queueAnswers(writer.bytes)
                writer.bytes.removeAll(keepingCapacity: true)
            }
            let reply = call.id.map { Reply.single($0) } ?? .none
            dispatch(call, reply) { outcome in
                guard let id = call.id else { return }
                switch outcome {
                case .success(let answer): encodeResult(id, into: &writer, body: answer.result)
                case .failure(let error): encodeError(id, error, into: &writer)
                }
            }
        }
    }

    private mutating func take(batch items: [InboundItem]) {
        let batch = BatchAnswer(session: session)
        for item in items {
            switch item {
            case .response: break
            case .invalid(let id, let error): batch.add(Reply.batch(batch, id).encode(.failure(error)))
            case .call(let call):
                let reply = Reply.batch(batch, call.id)
                dispatch(call, reply) { outcome in batch.add(reply.encode(outcome)) }
            }
        }
        batch.seal()
    }

    /// Answers through `answer` at once, or starts a task that answers through `reply`.
    private mutating func dispatch(_ call: Call, _ reply: Reply, _ answer: (RequestOutcome) -> Void) {
        guard let method = call.wireMethod, let handler = MethodTable.handler(of: method) else {
            return answer(.failure(.methodNotFound(call.method)))
        }
        switch handler {
        case .notification(let handle):
            // Sent as a request, such a name is none.
            guard call.id == nil else { return answer(.failure(.methodNotFound(call.method))) }
            handle(call.params, session)
        case .immediate(let handle):
            guard call.id != nil else { return }
            do throws(ResponseError) {
                try session.checkService(method)
                answer(.success(try handle(call.params, session)))
            } catch {
                answer(.failure(error))
            }
        case .slow(let slow):
            // A notification is worth running only for its effect.
            guard call.id != nil || slow.isOrdered else { return }
            do throws(ResponseError) {
                try session.checkService(method)
            } catch {
                return answer(.failure(error))
            }
            if case .batch(let batch, _) = reply { batch.expect() }
            session.run(slow, params: call.params, id: call.id, reply: reply, turn: slow.isOrdered ? nextTurn() : nil)
        }
    }

    private mutating func nextTurn() -> Turn {
        let turn = Turn(after: lastTurn)
        lastTurn = turn
        return turn
    }
}

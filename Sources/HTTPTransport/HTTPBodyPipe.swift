import NIOConcurrencyHelpers

/// A bounded pipe from the producer of a request body to its upload.
///
/// One producer writes; it is held back while `capacityBytes` are waiting to be sent (a single write may exceed the
/// capacity once). The producer must end the body: with `finish()`, which sends the terminating chunk, or with
/// `abort()`, which drops the connection so that the server can never take a part for the whole.
package final class HTTPBodyPipe: Sendable {
    /// What the upload gets for one read.
    enum ReadResult: Sendable {
        case bytes(Int)
        /// Nothing yet; the pipe resumes the transfer later.
        case pause
        case end
        case abort
    }

    private enum Phase: Sendable {
        case open
        case finished
        case aborted
        /// The server gave its final answer early, which is still being received.
        case rejected(HTTPTransportError)
        /// The transfer is over.
        case closed(HTTPTransportError)
    }

    private enum Writer: Sendable {
        case thread(ThreadParking)
        case task(CheckedContinuation<Void, Never>)

        func wake() {
            switch self {
            case .thread(let parking): parking.unpark()
            case .task(let continuation): continuation.resume()
            }
        }
    }

    private struct State: Sendable {
        var phase = Phase.open
        var queue = ByteQueue()
        var takenBytes: Int64 = 0
        var transfer: Transfer?
        var wasAttached = false
        var isReaderWaiting = false
        var writer: Writer?

        /// The transfer to resume, when its reader waits.
        mutating func takeWaitingReader() -> Transfer? {
            guard isReaderWaiting else { return nil }
            isReaderWaiting = false
            return transfer
        }
    }

    private enum WriteStep: Sendable {
        case written(resume: Transfer?)
        case full
        case failed(HTTPTransportError)
    }

    private let capacityBytes: Int
    private let state = NIOLockedValueBox(State())

    package init(capacityBytes: Int = 1 << 20) {
        self.capacityBytes = max(1, capacityBytes)
    }

    /// How many bytes the upload has taken so far.
    package var bytesTaken: Int64 { state.withLockedValue { $0.takenBytes } }

    // MARK: The producer's side

    /// Adds bytes to the body and **blocks the thread** while the pipe is full.
    ///
    /// Only for a thread of the producer's own. Throws when the transfer has ended or the server has refused the body.
    package func write(_ bytes: [UInt8]) throws(HTTPTransportError) {
        while try !append(bytes) {
            let parking = ThreadParking()
            if mustWait(.thread(parking)) { parking.park() }
        }
    }

    /// Adds bytes to the body and suspends the task while the pipe is full.
    ///
    /// A task cancelled while it waits throws `cancelled`; the body stays open, so the producer should then `abort()`.
    package func writeAsync(_ bytes: [UInt8]) async throws(HTTPTransportError) {
        while try !append(bytes) {
            await untilWritable()
            guard !Task.isCancelled else {
                throw HTTPTransportError(
                    code: .cancelled, message: "the task that writes the request body was cancelled")
            }
        }
    }

    /// Ends the body: what was written is sent, then the terminating chunk.
    package func finish() {
        let reader = state.withLockedValue { state -> Transfer? in
            guard case .open = state.phase else { return nil }
            state.phase = .finished
            return state.takeWaitingReader()
        }
        reader?.resumeSending()
    }

    /// Gives the body up: the connection is dropped without a terminating chunk.
    ///
    /// Has no effect once the server has refused the body or the transfer has ended, so the response is not lost.
    package func abort() {
        let (transfer, writer) = state.withLockedValue { state -> (Transfer?, Writer?) in
            switch state.phase {
            case .open, .finished: break
            case .aborted, .rejected, .closed: return (nil, nil)
            }
            state.phase = .aborted
            state.queue = ByteQueue()
            return (state.transfer, state.writer.take())
        }
        writer?.wake()
        transfer?.end(.uploadAborted)
    }

    /// Takes the bytes, or returns false when the pipe is full.
    private func append(_ bytes: [UInt8]) throws(HTTPTransportError) -> Bool {
        let step = state.withLockedValue { state -> WriteStep in
            switch state.phase {
            case .finished: return .failed(.invalid("a request body was written to after its end"))
            case .aborted: return .failed(.uploadAborted)
            case .rejected(let error), .closed(let error): return .failed(error)
            case .open: break
            }
            guard state.queue.count < capacityBytes else { return .full }
            guard !bytes.isEmpty else { return .written(resume: nil) }
            state.queue.append(bytes)
            return .written(resume: state.takeWaitingReader())
        }
        switch step {
        case .full: return false
        case .failed(let error): throw error
        case .written(let reader):
            reader?.resumeSending()
            return true
        }
    }

    /// Registers a writer to be woken, unless something has happened since the pipe was full.
    private func mustWait(_ writer: Writer) -> Bool {
        state.withLockedValue { state in
            guard case .open = state.phase, state.queue.count >= capacityBytes else { return false }
            precondition(state.writer == nil, "a request body has one producer")
            state.writer = writer
            return true
        }
    }

    private func untilWritable() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !mustWait(.task(continuation)) { continuation.resume() }
                // Cancelled before the registration, the handler below has found nobody to wake.
                if Task.isCancelled { wakeWriter() }
            }
        } onCancel: {
            wakeWriter()
        }
    }

    private func wakeWriter() {
        state.withLockedValue { $0.writer.take() }?.wake()
    }

    // MARK: The upload's side

    /// Whether the upload is paused because the pipe was empty.
    var isReaderWaiting: Bool { state.withLockedValue { $0.isReaderWaiting } }

    /// Binds the pipe to its transfer; returns why it cannot be used.
    func attach(to transfer: Transfer) -> HTTPTransportError? {
        state.withLockedValue { state in
            switch state.phase {
            case .open, .finished: break
            case .aborted: return .uploadAborted
            case .rejected, .closed: return .invalid("a request body pipe serves one request")
            }
            guard !state.wasAttached else { return .invalid("a request body pipe serves one request") }
            state.wasAttached = true
            state.transfer = transfer
            return nil
        }
    }

    /// Moves bytes to the upload.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadResult {
        let (result, writer) = state.withLockedValue { state -> (ReadResult, Writer?) in
            switch state.phase {
            case .open, .finished: break
            case .aborted, .closed: return (.abort, nil)
            // A server that has given its final answer does not read on; ending the body early is then allowed
            // (RFC 2616, 8.2.2), and libcurl, which goes on sending when the connection is to be closed, needs it.
            case .rejected: return (.end, nil)
            }
            guard state.queue.count > 0 else {
                if case .finished = state.phase { return (.end, nil) }
                state.isReaderWaiting = true
                return (.pause, nil)
            }
            let count = unsafe state.queue.move(into: buffer)
            state.takenBytes += Int64(count)
            // Woken at half the capacity and not at each read, so that the producer runs in long stretches.
            let isRoomy = state.queue.count <= capacityBytes / 2
            return (.bytes(count), isRoomy ? state.writer.take() : nil)
        }
        writer?.wake()
        return result
    }

    /// The server has refused the body: the producer is told, and a paused upload goes on so that libcurl can end it.
    func reject(_ error: HTTPTransportError) {
        let (reader, writer) = state.withLockedValue { state -> (Transfer?, Writer?) in
            switch state.phase {
            case .open, .finished: break
            case .aborted, .rejected, .closed: return (nil, nil)
            }
            state.phase = .rejected(error)
            state.queue = ByteQueue()
            return (state.takeWaitingReader(), state.writer.take())
        }
        writer?.wake()
        reader?.resumeSending()
    }

    /// The transfer is over.
    func close(_ error: HTTPTransportError, from transfer: Transfer) {
        let writer = state.withLockedValue { state -> Writer? in
            // A second request that was refused the pipe must not end the first one's body. A request that failed
            // before it took the pipe ends it, or its producer would wait forever.
            guard state.transfer === transfer || !state.wasAttached else { return nil }
            state.wasAttached = true
            state.transfer = nil
            state.isReaderWaiting = false
            switch state.phase {
            case .open, .finished: state.phase = .closed(error)
            // The producer keeps the better reason, but nothing is read any more.
            case .rejected(let reason): state.phase = .closed(reason)
            case .aborted, .closed: break
            }
            state.queue = ByteQueue()
            return state.writer.take()
        }
        writer?.wake()
    }
}

/// The bytes of a response as they arrive, for one consumer.
///
/// Each element is everything that has accumulated since the last one and is never empty. While the consumer is slow
/// the connection is not read, so memory stays within `HTTPRequest.bufferBytes` and one read of the socket.
/// Dropping the body or its iterator, `cancel()`, and cancelling the waiting task end the transfer and close the
/// connection.
package struct HTTPResponseBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = HTTPTransportError

    private let lease: TransferLease

    init(_ lease: TransferLease) {
        self.lease = lease
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        /// The body's own hold, since the body may be gone while its iterator is in use.
        private let body: TransferLease
        /// Ends the transfer when a loop over the body is left early while the response itself is still held.
        private let iteration: TransferLease

        init(_ body: TransferLease) {
            self.body = body
            iteration = TransferLease(body.transfer, of: body.client)
        }

        package mutating func next() async throws(HTTPTransportError) -> [UInt8]? {
            try await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPTransportError) -> [UInt8]? {
            try await iteration.transfer.nextBytes().get()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(lease)
    }

    /// The rest of the body as one array; a longer body ends the transfer with `bodyTooLarge`.
    package func collect(limitBytes: Int) async throws(HTTPTransportError) -> [UInt8] {
        var whole: [UInt8] = []
        for try await bytes in self {
            guard bytes.count <= limitBytes - whole.count else {
                cancel()
                throw .bodyTooLarge(limitBytes: Int64(limitBytes), request: lease.transfer.request)
            }
            if whole.isEmpty { whole = bytes } else { whole += bytes }
        }
        return whole
    }

    /// Ends the transfer now; a later read throws `cancelled`.
    package func cancel() {
        lease.transfer.cancel("the response body was cancelled")
    }
}

/// A consumer's hold on a transfer: its end cancels the transfer if it still runs.
final class TransferLease: Sendable {
    let transfer: Transfer
    /// Keeps the client's thread running for as long as somebody reads.
    let client: HTTPClient

    init(_ transfer: Transfer, of client: HTTPClient) {
        self.transfer = transfer
        self.client = client
    }

    deinit {
        transfer.cancel("the response body was dropped")
    }
}

package import Logging

/// Runs HTTP transfers on one thread with libcurl's multi interface.
///
/// A process needs one client. The thread starts with the first request, sleeps while nothing happens, and ends with
/// `shutdown()` or with the client. Idle connections are kept and used again; the number of transfers is not limited.
package final class HTTPClient: Sendable {
    private let loop: TransferLoop
    private let logger: Logger

    package init(label: String = "http", logger: Logger? = nil) {
        loop = TransferLoop(threadName: label)
        self.logger = logger ?? Logger(label: label)
    }

    deinit {
        loop.stop()
    }

    /// Sends a request and returns when the head of the response has arrived, whatever its status is.
    ///
    /// Cancelling the task ends the transfer and closes its connection.
    package func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let transfer = Transfer(request, delivery: .stream, on: loop)
        let lease = TransferLease(transfer, of: self)
        let head = try await log(transfer, transfer.head())
        return HTTPResponse(status: head.status, headers: head.headers, body: HTTPResponseBody(lease))
    }

    /// Sends a request and returns the whole response, whatever its status is, with a single wake-up at the end.
    ///
    /// A body over `limitBytes` ends the transfer with `bodyTooLarge`.
    package func collect(
        _ request: HTTPRequest,
        limitBytes: Int
    ) async throws(HTTPTransportError) -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
        var request = request
        request.maxBodyBytes = min(request.maxBodyBytes ?? .max, Int64(limitBytes))
        let transfer = Transfer(request, delivery: .whole, on: loop)
        let (head, body) = try await log(transfer, transfer.wholeResponse())
        return (head.status, head.headers, body)
    }

    /// Ends every transfer with `cancelled` and closes all connections; later requests fail the same way.
    ///
    /// Returns at once; the thread ends shortly after.
    package func shutdown() {
        loop.stop()
    }

    private func log<Value>(
        _ transfer: Transfer,
        _ result: Result<Value, HTTPTransportError>
    ) throws(HTTPTransportError) -> Value {
        if case .failure(let error) = result {
            logger.debug(
                "HTTP request failed",
                metadata: [
                    "http.method": "\(transfer.request.method)",
                    "http.peer": "\(transfer.request.peer)",
                    "error": "\(error)",
                ])
        }
        return try result.get()
    }
}

// The errors that the transport finds itself.
extension HTTPTransportError {
    static let outOfMemory = HTTPTransportError(code: .internal, message: "libcurl is out of memory")
    static let clientShutDown = HTTPTransportError(code: .cancelled, message: "the HTTP client was shut down")
    static let uploadAborted = HTTPTransportError(
        code: .cancelled, message: "the request body was given up by its producer")
    /// libcurl reports a response without status as an error; this is for a future that does not.
    static let missingHead = HTTPTransportError(
        code: .connectionLost, message: "the exchange ended without a response")

    static func invalid(_ message: String) -> HTTPTransportError {
        HTTPTransportError(code: .invalidRequest, message: message)
    }

    static func bodyTooLarge(limitBytes: Int64, request: HTTPRequest) -> HTTPTransportError {
        HTTPTransportError(
            code: .bodyTooLarge, message: "the response of \(request.peer) has more than \(limitBytes) bytes")
    }

    static func headTooLarge(request: HTTPRequest) -> HTTPTransportError {
        HTTPTransportError(
            code: .bodyTooLarge,
            message: "the response headers of \(request.peer) have more than \(ResponseHeadParser.limitBytes) bytes")
    }

    static func responseOverdue(request: HTTPRequest) -> HTTPTransportError {
        let limit = request.responseTimeout.map { " within \($0)" } ?? ""
        return HTTPTransportError(code: .timeout, message: "\(request.peer) did not answer\(limit)")
    }

    static func uploadRejected(status: Int, request: HTTPRequest) -> HTTPTransportError {
        HTTPTransportError(
            code: .connectionLost,
            message: "\(request.peer) answered with status \(status) before the whole request was sent")
    }
}

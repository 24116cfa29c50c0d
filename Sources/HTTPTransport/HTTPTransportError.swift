/// Why a transfer failed.
///
/// An HTTP status is never an error here. The message names the host or the socket and never holds the query or the
/// user information of a URL, since both may carry a token.
package struct HTTPTransportError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case couldNotResolve
        /// For a unix socket `osErrno` tells an absent one (`ENOENT`) from a refused one (`ECONNREFUSED`, `EACCES`).
        case couldNotConnect
        case tls
        case timeout
        case lowSpeed
        case bodyTooLarge
        /// The response ended before its declared end.
        case truncated
        case connectionLost
        /// The task, the body, the upload or the client was cancelled by us.
        case cancelled
        case invalidRequest
        case schemeNotAllowed
        case `internal`
    }

    package let code: Code
    package let message: String
    /// The `CURLcode`, when libcurl reported the failure.
    package let curlCode: Int?
    /// The `errno` of the failed system call, when there was one.
    package let osErrno: Int32?

    package init(code: Code, message: String, curlCode: Int? = nil, osErrno: Int32? = nil) {
        self.code = code
        self.message = message
        self.curlCode = curlCode
        self.osErrno = osErrno
    }

    package var description: String { "\(code.rawValue): \(message)" }
}

/// One HTTP/1.1 request and the limits of its transfer.
///
/// Redirects are never followed, cookies and `.netrc` are never used, and no content encoding is asked for.
package struct HTTPRequest: Sendable {
    /// Where the connection goes.
    package enum Target: Sendable, Hashable {
        /// The host of the URL.
        case network
        /// A unix socket; the URL gives only the path and the `Host` field, and its scheme must be `http`.
        case unixSocket(path: String)
    }

    package enum Body: Sendable {
        case none
        /// Sent with a `Content-Length`.
        case bytes([UInt8])
        /// Sent chunked, as fast as the pipe is filled. A pipe serves one request.
        case stream(HTTPBodyPipe)
    }

    package enum Proxy: Sendable {
        /// The proxy named by `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`. Unix sockets never use one.
        case environment
        case none
    }

    package var method: String
    /// An absolute URL without user name or password.
    package var url: String
    /// `Content-Length`, `Transfer-Encoding` and `Expect` belong to the transport and are refused here.
    package var headers: HTTPHeaders
    package var target: Target
    package var body: Body

    /// For name lookup, connecting and the TLS handshake.
    package var connectTimeout: Duration = .seconds(10)
    /// From the start, or from the last byte of a streamed request body, until the response head.
    package var responseTimeout: Duration?
    /// For the whole transfer, pauses of a slow consumer included.
    package var totalTimeout: Duration?
    /// The transfer fails when it is slower than this for the whole window (whole seconds).
    package var lowSpeed: (bytesPerSecond: Int, window: Duration)?
    /// Schemes a URL of a network target may have.
    package var allowedSchemes: [String] = ["https"]
    /// A PEM file with the certificate authorities to trust in place of the system's.
    package var caFile: String?
    package var proxy: Proxy = .environment

    /// A longer response body ends the transfer with `bodyTooLarge`.
    package var maxBodyBytes: Int64?
    /// Above this many undelivered bytes the connection is not read.
    package var bufferBytes: Int = 1 << 20
    /// The consumer is woken at this many bytes or at the end: large for downloads, 1 for logs and events.
    package var wakeBytes: Int = 1

    package init(
        method: String,
        url: String,
        headers: HTTPHeaders = HTTPHeaders(),
        target: Target = .network,
        body: Body = .none
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.target = target
        self.body = body
    }
}

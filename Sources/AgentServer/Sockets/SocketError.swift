/// Why a unix socket could not be served or reached.
///
/// `message` is a whole sentence that names the path and, where there is one, the next step; it is shown to people as it is.
package struct SocketError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable {
        case pathTooLong
        case directoryUnsafe
        case alreadyRunning
        case notASocket
        case unknownGroup
        /// Nobody listens at the path.
        case noAgent
        case permissionDenied
        /// The connection ended before the answer came.
        case connectionLost
        /// What came over the connection is not this protocol.
        case invalidAnswer
        case system
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Names the failed call and the reason of `errno`.
    static func system(_ call: String, _ path: String, errno code: CInt) -> SocketError {
        SocketError(.system, "\(call) \(path): \(systemMessage(code))")
    }

    package var description: String { message }
}

import AgentServer

/// Why a command ends without having done its work; the message is shown as it is.
struct CommandError: Error {
    var status: ExitStatus
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// A socket that cannot be served or reached.
    init(_ error: SocketError) {
        let status: ExitStatus =
            switch error.code {
            case .alreadyRunning: .alreadyRunning
            case .noAgent, .permissionDenied: .noAgent
            case .pathTooLong, .directoryUnsafe, .notASocket, .unknownGroup, .connectionLost, .invalidAnswer, .system:
                .failure
            }
        self.init(status, error.message)
    }
}

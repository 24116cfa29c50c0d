internal import CLinuxShims
internal import Glibc

/// Connecting to a unix socket.
enum UnixConnection {
    /// A connected, blocking, close-on-exec descriptor, which the caller closes.
    static func open(_ path: String) throws(SocketError) -> CInt {
        try SocketFile.checkLength(path)
        let descriptor = CLinuxShims_unix_socket(0)
        guard descriptor >= 0 else { throw .system("socket", path, errno: -descriptor) }
        let status = unsafe CLinuxShims_connect_unix(descriptor, path)
        guard status == 0 else {
            close(descriptor)
            throw refusal(path, -status)
        }
        return descriptor
    }

    /// Whether somebody listens at `path`, be it somebody we may not talk to.
    static func answers(at path: String) throws(SocketError) -> Bool {
        do throws(SocketError) {
            close(try open(path))
            return true
        } catch {
            if error.code == .noAgent { return false }
            if error.code == .permissionDenied { return true }
            throw error
        }
    }

    private static func refusal(_ path: String, _ code: CInt) -> SocketError {
        switch code {
        case ENOENT, ECONNREFUSED, ENOTDIR:
            SocketError(
                .noAgent,
                "No agent answers at \(path). Start one with `runner-agent serve`, or name its socket with --socket.")
        case EACCES, EPERM:
            SocketError(
                .permissionDenied,
                "\(path) may not be used by uid \(getuid()): the agent serves its own user, root, and its --socket-group."
            )
        default:
            .system("connect", path, errno: code)
        }
    }
}

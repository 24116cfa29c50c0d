import FoundationEssentials
import Glibc
import HTTPTransport

extension EngineClient {
    /// What a failed transfer means; forgets the agreed version when the engine was not reached.
    func failure(_ error: any Error, streaming: Bool = false) -> any Error {
        guard let error = error as? HTTPTransportError else { return error }
        if error.code == .cancelled, Task.isCancelled { return CancellationError() }
        let translated = translate(error, streaming: streaming)
        switch translated.kind {
        case .unavailable, .streamEnded: forgetVersion()
        case .http, .protocol, .unsupported: break
        }
        return translated
    }

    private func translate(_ error: HTTPTransportError, streaming: Bool) -> EngineError {
        switch error.code {
        case .couldNotConnect, .couldNotResolve, .tls:
            return unreachable(error)
        case .timeout, .lowSpeed:
            return EngineError(
                kind: .unavailable(.timeout), message: "the engine at \(endpoint) does not answer: \(error.message)")
        case .truncated, .connectionLost:
            return EngineError(
                kind: streaming ? .streamEnded : .unavailable(.lost),
                message: "the connection to the engine at \(endpoint) was lost: \(error.message)")
        case .bodyTooLarge:
            return .badAnswer("the engine's answer is too large: \(error.message)")
        // By its other end, such as a context that was given up; the task goes on.
        case .cancelled:
            return .streamEnded("the call to the engine at \(endpoint) was given up: \(error.message)")
        case .invalidRequest, .schemeNotAllowed, .internal:
            return .badAnswer("talking to the engine at \(endpoint) failed: \(error.message)")
        }
    }

    /// Names the path, the user, the system's reason, and what to do.
    private func unreachable(_ error: HTTPTransportError) -> EngineError {
        guard case .unix(let path) = endpoint.transport else {
            let kind: EngineError.Unavailability = error.osErrno == ECONNREFUSED ? .refused : .other
            return EngineError(
                kind: .unavailable(kind), message: "cannot connect to the engine at \(endpoint): \(error.message)")
        }
        let uid = geteuid()
        switch socketProblem(path, errno: error.osErrno) {
        case .absent:
            return EngineError(
                kind: .unavailable(.absent),
                message: "no engine socket at \(path) (ENOENT): start Docker or Podman, "
                    + "or name the engine's socket with DOCKER_HOST or --engine")
        case .permission:
            return EngineError(
                kind: .unavailable(.permission),
                message: "uid \(uid) may not open the engine socket \(path) (EACCES): "
                    + "add the user to the group that owns it (usually docker) and log in again, "
                    + "or use a rootless engine with DOCKER_HOST=unix:///run/user/\(uid)/docker.sock")
        case .refused:
            return EngineError(
                kind: .unavailable(.refused),
                message: "nothing listens on the engine socket \(path) (ECONNREFUSED): "
                    + "the engine has stopped or is starting; see `systemctl status docker`")
        case .timeout, .lost, .other:
            return EngineError(
                kind: .unavailable(.other), message: "cannot connect to the engine at \(path): \(error.message)")
        }
    }

    /// The system's error number when libcurl reports it, else what the file system shows.
    private func socketProblem(_ path: String, errno: Int32?) -> EngineError.Unavailability {
        switch errno {
        case ENOENT?, ENOTDIR?: return .absent
        case EACCES?, EPERM?: return .permission
        case ECONNREFUSED?: return .refused
        case .some(let number) where number != 0: return .other
        default: break
        }
        guard FileManager.default.fileExists(atPath: path) else { return .absent }
        return FileManager.default.isWritableFile(atPath: path) ? .refused : .permission
    }
}

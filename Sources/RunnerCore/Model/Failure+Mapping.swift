import DockerEngine
import FoundationEssentials
import GitHubSource
import HTTPTransport
import RunnerConfig
import SourceArchive
import SystemPackage

extension Failure {
    /// The one place where errors of the modules below become what a client sees.
    init(mapping error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as SourceError: self.init(error)
        case let error as ArchiveError: self.init(error)
        case let error as ConfigError: self.init(invalidConfig: error, file: "configuration")
        case let error as EngineError: self.init(error)
        case let error as BuildFailure: self.init(error)
        case let error as ImagePullFailure: self.init(error)
        case let error as ContainerStartFailure: self.init(error)
        case let error as HTTPTransportError:
            self.init(.network, error.message, hint: "try again; check the network and the proxy", retryable: true)
        case let error as Errno where error == .noSpace:
            self.init(.diskFull, "no space left on the agent's disk", hint: "free some space", retryable: true)
        case is CancellationError:
            self.init(.cancelled, "the operation was cancelled")
        default:
            self.init(.internalError, "\(error)", hint: "this is a defect of the agent; its log says more")
        }
    }

    private init(_ error: SourceError) {
        self.init(.sourceUnknown, error.message, hint: error.hint, retryable: error.retryable)
        code = error.code
        retryAfter = error.retryAfter
        if error.code == SourceError.Code.rateLimited, let wait = error.retryAfter {
            let end = Date(timeIntervalSinceNow: wait / .seconds(1))
            details.append(Detail(name: "retryAt", value: end.ISO8601Format()))
        }
        if let limit = error.limit { details.append(Detail(name: "limit", value: limit)) }
    }

    private init(_ error: ArchiveError) {
        let (code, hint): (FailureCode, String?) =
            switch error.code {
            case .invalid: (.archiveInvalid, "start again; if it stays so, the source itself is damaged")
            case .unsafe:
                (.archiveUnsafe, "remove it from the repository: only files, directories and links are accepted")
            case .tooLarge:
                (
                    .archiveTooLarge,
                    "leave it out with .dockerignore or .gitattributes, or raise limits in the agent's configuration"
                )
            case .changed: (.archiveInvalid, "start again when nothing writes to the directory")
            case .io: (.archiveInvalid, "check the file and its permissions")
            case .cancelled: (.cancelled, nil)
            }
        self.init(code, error.message, hint: hint, retryable: error.code == .changed)
        if let member = error.member { details.append(Detail(name: "member", value: member)) }
        if let limit = error.limit { details.append(Detail(name: "limit", value: limit)) }
    }

    init(invalidConfig error: ConfigError, file: String) {
        let first = error.diagnostics.first.map {
            " \($0.line):\($0.column): \($0.path.isEmpty ? "" : $0.path + ": ")\($0.message)"
        }
        let more = error.diagnostics.count > 1 ? " (and \(error.diagnostics.count - 1) more)" : ""
        self.init(
            .configInvalid, "\(file):\(first ?? " invalid")\(more)",
            hint: "correct what the diagnostics name and start again")
        diagnostics = error.diagnostics.map {
            Diagnostic(line: $0.line, column: $0.column, path: $0.path, message: $0.message)
        }
    }

    private init(_ error: EngineError) {
        switch error.kind {
        case .unavailable, .streamEnded:
            self.init(
                .engineUnavailable, error.message,
                hint: "start Docker (or Podman), or name its address with --engine or DOCKER_HOST", retryable: true)
        case .unsupported:
            self.init(.engineUnsupported, error.message, hint: "use a supported engine address or version")
        case .http, .protocol:
            let full = error.message.contains("no space left on device")
            self.init(
                full ? .diskFull : .engineError, "the engine answered: \(error.message)",
                hint: full ? "free some space where the engine keeps its data" : "the engine's own log says more",
                retryable: full)
        }
    }

    private init(_ error: BuildFailure) {
        let hint: String =
            switch error.kind {
            case .runFailed: "see the build output above; the command must succeed in the image"
            case .dockerfileInvalid: "correct the Dockerfile"
            case .baseImageMissing: "check the image's name and tag in FROM"
            case .baseImageUnauthorized: "log the agent's user in to the registry with `docker login`"
            case .baseImageUnreachable: "check the engine's network and the registry"
            case .copySourceMissing: "check the path against build.context and .dockerignore"
            case .targetMissing: "check build.target against the stages of the Dockerfile"
            case .noSpace: "free some space where the engine keeps its data"
            case .secretMissing:
                "give it in buildSecrets of the start, or under buildSecrets in the agent's configuration and in "
                    + "build.secrets of the component's"
            case .sessionRequired: "a proxy before the engine refuses /session: allow it, or do without build secrets"
            case .other: "see the build output above"
            }
        let code: FailureCode =
            switch error.kind {
            case .baseImageMissing, .baseImageUnreachable: .imagePullFailed
            case .baseImageUnauthorized: .imagePullDenied
            case .noSpace: .diskFull
            default: .buildFailed
            }
        var message = error.message
        if error.kind == .runFailed, let step = error.step, let exitCode = error.exitCode {
            message = "\(step) failed with exit code \(exitCode)"
        }
        self.init(code, message, hint: hint, retryable: error.kind == .baseImageUnreachable)
        step = error.step
        exitCode = error.exitCode
    }

    private init(_ error: ImagePullFailure) {
        let hint: String =
            switch error.kind {
            case .notFound: "check the image's name and tag; a private image also looks missing"
            case .unauthorized: "log the agent's user in to the registry with `docker login`"
            case .network: "check the engine's network and the registry"
            case .rateLimited: "wait, or log in to the registry for a higher limit"
            case .noSpace: "free some space where the engine keeps its data"
            case .other: "see the engine's own words"
            }
        let code: FailureCode =
            switch error.kind {
            case .noSpace: .diskFull
            case .unauthorized: .imagePullDenied
            case .notFound, .network, .rateLimited, .other: .imagePullFailed
            }
        self.init(
            code, "\(error.reference): \(error.message)", hint: hint,
            retryable: error.kind == .network || error.kind == .rateLimited)
    }

    private init(_ error: ContainerStartFailure) {
        let hint: String =
            switch error.kind {
            case .portInUse: "publish on another port"
            case .badHostIP: "set --bind-address to an address of the engine's machine"
            case .badCommand: "check CMD and ENTRYPOINT: the program is not in the image"
            case .permissionDenied: "check that the program of CMD or ENTRYPOINT is executable"
            case .unknownUser: "check USER: the image has no such user"
            case .other: "see the engine's own words"
            }
        self.init(.containerStartFailed, error.message, hint: hint)
    }
}

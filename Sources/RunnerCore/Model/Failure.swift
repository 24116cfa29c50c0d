/// Why something could not be done: one object from which a person can name the cause without the agent's own log.
///
/// `code` is one of the stable codes of the wire protocol and is what programs switch on.
package struct Failure: Error, Sendable, Hashable, Codable {
    package struct Diagnostic: Sendable, Hashable, Codable {
        package var line: Int
        package var column: Int
        package var path: String
        package var message: String
    }

    package struct Detail: Sendable, Hashable, Codable {
        package var name: String
        package var value: String
    }

    package var code: String
    package var phase: StartPhase?
    package var message: String
    package var hint: String?
    package var retryable = false
    package var retryAfter: Duration?
    package var exitCode: Int?
    package var oomKilled: Bool?
    package var lastProbe: String?
    package var logTail: [String] = []
    package var step: String?
    package var instanceID: InstanceID?
    package var details: [Detail] = []
    package var diagnostics: [Diagnostic] = []

    package init(
        _ code: FailureCode, _ message: String, hint: String? = nil, phase: StartPhase? = nil, retryable: Bool = false
    ) {
        self.code = code.rawValue
        self.message = message
        self.hint = hint
        self.phase = phase
        self.retryable = retryable
    }

    func during(_ phase: StartPhase?) -> Failure {
        var failure = self
        failure.phase = failure.phase ?? phase
        return failure
    }

    func adding(_ name: String, _ value: String) -> Failure {
        var failure = self
        failure.details.append(Detail(name: name, value: value))
        return failure
    }
}

/// The stable codes that this module itself gives; those of sources pass through as text.
package enum FailureCode: String, Sendable {
    case instanceNotFound = "INSTANCE_NOT_FOUND"
    case alreadyRunning = "ALREADY_RUNNING"
    case idempotencyConflict = "IDEMPOTENCY_CONFLICT"
    case invalidRequest = "INVALID_REQUEST"
    case notEnabled = "NOT_ENABLED"
    case sourceUnknown = "SOURCE_UNKNOWN"
    case invalidLocation = "INVALID_LOCATION"
    case unsupportedHost = "UNSUPPORTED_HOST"
    case directoryNotFound = "DIRECTORY_NOT_FOUND"
    case network = "NETWORK"
    case timeout = "TIMEOUT"
    case archiveInvalid = "ARCHIVE_INVALID"
    case archiveUnsafe = "ARCHIVE_UNSAFE"
    case archiveTooLarge = "ARCHIVE_TOO_LARGE"
    case configNotFound = "CONFIG_NOT_FOUND"
    case configInvalid = "CONFIG_INVALID"
    case dockerfileNotFound = "DOCKERFILE_NOT_FOUND"
    case portInUse = "PORT_IN_USE"
    case portForbidden = "PORT_FORBIDDEN"
    case engineUnavailable = "ENGINE_UNAVAILABLE"
    case engineUnsupported = "ENGINE_UNSUPPORTED"
    case engineError = "ENGINE_ERROR"
    case startTimeout = "START_TIMEOUT"
    case buildFailed = "BUILD_FAILED"
    case imagePullFailed = "IMAGE_PULL_FAILED"
    case imagePullDenied = "IMAGE_PULL_DENIED"
    case buildTimeout = "BUILD_TIMEOUT"
    case containerStartFailed = "CONTAINER_START_FAILED"
    case containerExited = "CONTAINER_EXITED"
    case outOfMemory = "OUT_OF_MEMORY"
    case unhealthy = "UNHEALTHY"
    case cancelled = "CANCELLED"
    case superseded = "SUPERSEDED"
    case interrupted = "INTERRUPTED"
    case logCursorInvalid = "LOG_CURSOR_INVALID"
    case diskFull = "DISK_FULL"
    case stateUnwritable = "STATE_UNWRITABLE"
    case busy = "BUSY"
    case shuttingDown = "SHUTTING_DOWN"
    case permissionDenied = "PERMISSION_DENIED"
    case internalError = "INTERNAL_ERROR"
}

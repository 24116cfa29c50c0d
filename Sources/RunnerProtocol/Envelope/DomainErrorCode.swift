/// The stable strings in `data.code` of domain errors and in `code` of failures: what clients switch on.
///
/// A client must expect strings that are not here: later agents may add some.
package struct DomainErrorCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }
}

extension DomainErrorCode {
    // Unknown ids.
    package static let instanceNotFound = DomainErrorCode(rawValue: "INSTANCE_NOT_FOUND")
    package static let subscriptionNotFound = DomainErrorCode(rawValue: "SUBSCRIPTION_NOT_FOUND")

    // `onExisting: reject`; the error names the instance.
    package static let alreadyRunning = DomainErrorCode(rawValue: "ALREADY_RUNNING")

    // An idempotency key reused with other params.
    package static let idempotencyConflict = DomainErrorCode(rawValue: "IDEMPOTENCY_CONFLICT")

    // An entity without the `enabled` annotation.
    package static let notEnabled = DomainErrorCode(rawValue: "NOT_ENABLED")

    // Where the source is cannot be told.
    package static let sourceUnknown = DomainErrorCode(rawValue: "SOURCE_UNKNOWN")
    package static let invalidLocation = DomainErrorCode(rawValue: "INVALID_LOCATION")
    package static let invalidEntityRef = DomainErrorCode(rawValue: "INVALID_ENTITY_REF")
    package static let unsupportedHost = DomainErrorCode(rawValue: "UNSUPPORTED_HOST")

    // Missing, private or without access.
    package static let repositoryNotFound = DomainErrorCode(rawValue: "REPOSITORY_NOT_FOUND")
    package static let refNotFound = DomainErrorCode(rawValue: "REF_NOT_FOUND")
    package static let directoryNotFound = DomainErrorCode(rawValue: "DIRECTORY_NOT_FOUND")

    // GitHub's answers.
    package static let unauthorized = DomainErrorCode(rawValue: "UNAUTHORIZED")
    package static let forbidden = DomainErrorCode(rawValue: "FORBIDDEN")
    package static let ssoRequired = DomainErrorCode(rawValue: "SSO_REQUIRED")
    package static let rateLimited = DomainErrorCode(rawValue: "RATE_LIMITED")
    package static let legallyBlocked = DomainErrorCode(rawValue: "LEGALLY_BLOCKED")

    // The way to GitHub.
    package static let network = DomainErrorCode(rawValue: "NETWORK")
    package static let tls = DomainErrorCode(rawValue: "TLS")
    package static let timeout = DomainErrorCode(rawValue: "TIMEOUT")
    package static let gitHubUnavailable = DomainErrorCode(rawValue: "GITHUB_UNAVAILABLE")

    // The catalog that a reference without a source is looked up in.
    package static let catalogUnavailable = DomainErrorCode(rawValue: "CATALOG_UNAVAILABLE")

    // The source archive; the error names the member or the limit.
    package static let archiveInvalid = DomainErrorCode(rawValue: "ARCHIVE_INVALID")
    package static let archiveUnsafe = DomainErrorCode(rawValue: "ARCHIVE_UNSAFE")
    package static let archiveTooLarge = DomainErrorCode(rawValue: "ARCHIVE_TOO_LARGE")

    // The component's own files.
    package static let configNotFound = DomainErrorCode(rawValue: "CONFIG_NOT_FOUND")
    package static let configInvalid = DomainErrorCode(rawValue: "CONFIG_INVALID")
    package static let dockerfileNotFound = DomainErrorCode(rawValue: "DOCKERFILE_NOT_FOUND")

    // Host ports.
    package static let portInUse = DomainErrorCode(rawValue: "PORT_IN_USE")
    package static let portForbidden = DomainErrorCode(rawValue: "PORT_FORBIDDEN")

    // The container engine.
    package static let engineUnavailable = DomainErrorCode(rawValue: "ENGINE_UNAVAILABLE")
    package static let engineUnsupported = DomainErrorCode(rawValue: "ENGINE_UNSUPPORTED")
    package static let engineError = DomainErrorCode(rawValue: "ENGINE_ERROR")
    package static let startTimeout = DomainErrorCode(rawValue: "START_TIMEOUT")

    // The image.
    package static let buildFailed = DomainErrorCode(rawValue: "BUILD_FAILED")
    package static let imagePullFailed = DomainErrorCode(rawValue: "IMAGE_PULL_FAILED")
    package static let imagePullDenied = DomainErrorCode(rawValue: "IMAGE_PULL_DENIED")
    package static let buildTimeout = DomainErrorCode(rawValue: "BUILD_TIMEOUT")

    // The container; with exit code, last probe or log tail where known.
    package static let containerStartFailed = DomainErrorCode(rawValue: "CONTAINER_START_FAILED")
    package static let containerExited = DomainErrorCode(rawValue: "CONTAINER_EXITED")
    package static let outOfMemory = DomainErrorCode(rawValue: "OUT_OF_MEMORY")
    package static let unhealthy = DomainErrorCode(rawValue: "UNHEALTHY")

    // The start was ended from outside.
    package static let cancelled = DomainErrorCode(rawValue: "CANCELLED")
    package static let superseded = DomainErrorCode(rawValue: "SUPERSEDED")
    package static let interrupted = DomainErrorCode(rawValue: "INTERRUPTED")

    // `after` is past the newest record.
    package static let logCursorInvalid = DomainErrorCode(rawValue: "LOG_CURSOR_INVALID")

    // Limits of the wire.
    package static let messageTooLarge = DomainErrorCode(rawValue: "MESSAGE_TOO_LARGE")
    package static let responseTooLarge = DomainErrorCode(rawValue: "RESPONSE_TOO_LARGE")
    package static let batchTooLarge = DomainErrorCode(rawValue: "BATCH_TOO_LARGE")
    package static let tooManySubscriptions = DomainErrorCode(rawValue: "TOO_MANY_SUBSCRIPTIONS")
    package static let tooManyConnections = DomainErrorCode(rawValue: "TOO_MANY_CONNECTIONS")

    // The agent itself.
    package static let diskFull = DomainErrorCode(rawValue: "DISK_FULL")
    package static let stateUnwritable = DomainErrorCode(rawValue: "STATE_UNWRITABLE")
    package static let busy = DomainErrorCode(rawValue: "BUSY")
    package static let shuttingDown = DomainErrorCode(rawValue: "SHUTTING_DOWN")
    package static let unsupportedProtocol = DomainErrorCode(rawValue: "UNSUPPORTED_PROTOCOL")
    package static let permissionDenied = DomainErrorCode(rawValue: "PERMISSION_DENIED")

    /// Every code this version can answer.
    package static let all: [DomainErrorCode] = [
        .instanceNotFound, .subscriptionNotFound,
        .alreadyRunning,
        .idempotencyConflict,
        .notEnabled,
        .sourceUnknown, .invalidLocation, .invalidEntityRef, .unsupportedHost,
        .repositoryNotFound, .refNotFound, .directoryNotFound,
        .unauthorized, .forbidden, .ssoRequired, .rateLimited, .legallyBlocked,
        .network, .tls, .timeout, .gitHubUnavailable,
        .archiveInvalid, .archiveUnsafe, .archiveTooLarge,
        .configNotFound, .configInvalid, .dockerfileNotFound,
        .portInUse, .portForbidden,
        .engineUnavailable, .engineUnsupported, .engineError, .startTimeout,
        .buildFailed, .imagePullFailed, .imagePullDenied, .buildTimeout,
        .containerStartFailed, .containerExited, .outOfMemory, .unhealthy,
        .cancelled, .superseded, .interrupted,
        .logCursorInvalid,
        .messageTooLarge, .responseTooLarge, .batchTooLarge, .tooManySubscriptions, .tooManyConnections,
        .diskFull, .stateUnwritable, .busy, .shuttingDown, .unsupportedProtocol, .permissionDenied,
    ]
}

/// Why a component's source could not be found, asked for or stored.
///
/// `message` names the cause and `hint` the next step; neither ever holds a token, a query string or a URL's userinfo.
package struct SourceError: Error, Sendable, Hashable {
    /// One of the protocol's stable strings; see ``Code``.
    package let code: String
    package let message: String
    /// What a person can do about it.
    package let hint: String?
    /// Whether the same request may succeed later without anybody changing anything.
    package let retryable: Bool
    /// The earliest time from now at which a retry makes sense.
    package let retryAfter: Duration?
    /// The name of the limit that was exceeded, as in the agent's `limits`.
    package let limit: String?

    package init(
        _ code: String, _ message: String, hint: String? = nil, retryable: Bool = false, retryAfter: Duration? = nil,
        limit: String? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable
        self.retryAfter = retryAfter
        self.limit = limit
    }

    /// The codes this module gives.
    package enum Code {
        package static let sourceUnknown = "SOURCE_UNKNOWN"
        package static let invalidLocation = "INVALID_LOCATION"
        package static let invalidEntityReference = "INVALID_ENTITY_REF"
        package static let notEnabled = "NOT_ENABLED"
        package static let unsupportedHost = "UNSUPPORTED_HOST"
        package static let repositoryNotFound = "REPOSITORY_NOT_FOUND"
        package static let referenceNotFound = "REF_NOT_FOUND"
        package static let unauthorized = "UNAUTHORIZED"
        package static let forbidden = "FORBIDDEN"
        package static let ssoRequired = "SSO_REQUIRED"
        package static let rateLimited = "RATE_LIMITED"
        package static let legallyBlocked = "LEGALLY_BLOCKED"
        package static let network = "NETWORK"
        package static let tls = "TLS"
        package static let timeout = "TIMEOUT"
        package static let gitHubUnavailable = "GITHUB_UNAVAILABLE"
        package static let catalogUnavailable = "CATALOG_UNAVAILABLE"
        package static let archiveInvalid = "ARCHIVE_INVALID"
        package static let archiveTooLarge = "ARCHIVE_TOO_LARGE"
        package static let diskFull = "DISK_FULL"
        package static let stateUnwritable = "STATE_UNWRITABLE"
    }
}

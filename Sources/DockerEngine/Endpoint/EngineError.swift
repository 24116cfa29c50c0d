/// Why a call to the container engine did not do what was asked.
///
/// A cancelled task gets `CancellationError`, never this.
package struct EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What made an engine unreachable.
    package enum Unavailability: Sendable, Hashable {
        /// There is no socket at the path.
        case absent
        /// The socket is there, and this user may not open it.
        case permission
        /// The socket or port is there, and nothing listens.
        case refused
        /// The engine did not answer in time.
        case timeout
        /// The connection broke before the answer was complete; the call may have had its effect.
        case lost
        /// Anything else, for example a host name that does not resolve.
        case other
    }

    package enum Kind: Sendable, Hashable {
        case unavailable(Unavailability)
        /// The endpoint's form, the engine's age, or a feature it lacks.
        case unsupported
        /// The engine answered with an error status.
        case http(Int)
        /// A stream ended before its end.
        case streamEnded
        /// The engine's answer cannot be understood, or is larger than its limit.
        case `protocol`
    }

    package let kind: Kind
    package let message: String

    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    /// The HTTP status, when the engine answered with one.
    package var status: Int? {
        guard case .http(let status) = kind else { return nil }
        return status
    }

    package var isNotFound: Bool { kind == .http(404) }
    package var isConflict: Bool { kind == .http(409) }

    package var isUnavailable: Bool {
        guard case .unavailable = kind else { return false }
        return true
    }

    package var description: String { message }

    static func unsupported(_ message: String) -> EngineError { EngineError(kind: .unsupported, message: message) }
    static func badAnswer(_ message: String) -> EngineError { EngineError(kind: .protocol, message: message) }
    static func streamEnded(_ message: String) -> EngineError { EngineError(kind: .streamEnded, message: message) }
}

/// A session that is being served: what `POST /build` names so that BuildKit can ask for logins and secrets.
package struct BuildSession: Sendable {
    /// Random, and known to the engine for as long as the session is open.
    package let id: String
}

/// What a session gives the build when asked; nothing is given unasked.
package struct BuildSessionOffer: Sendable {
    /// The most bytes of one secret that BuildKit takes.
    package static let maxSecretBytes = 500 << 10

    /// By id, for `RUN --mount=type=secret,id=ID`.
    package var secrets: [String: [UInt8]]
    /// The login for a registry's host as BuildKit names it; nil is an anonymous pull.
    package var login: @Sendable (_ host: String) async -> RegistryAuth?

    package init(
        secrets: [String: [UInt8]] = [:],
        login: @escaping @Sendable (_ host: String) async -> RegistryAuth? = { _ in nil }
    ) {
        self.secrets = secrets
        self.login = login
    }
}

/// The engine, or a proxy before it, opens no sessions.
///
/// What builds then is told by `EngineClient.build`.
package struct BuildSessionRefused: Error, Sendable, Hashable {
    /// The HTTP status; nil when there was no answer.
    package let status: Int?
    package let message: String
}

import FoundationEssentials
import HTTPTransport
import NIOConcurrencyHelpers
import RunnerConfig

/// The tokens that GitHub gives an app for the accounts it is installed on; each is good for an hour.
///
/// Kept by host and account until five minutes before they expire, so that one outlives the download it is used for. Tasks
/// that want the same one wait for each other: it is asked for once. See
/// <https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation>.
final class InstallationTokens: Sendable {
    private struct Kept {
        let secret: Secret
        let goodUntil: ContinuousClock.Instant
    }

    /// More accounts than a machine runs components of.
    private static let limit = 256
    private static let margin = Duration.seconds(300)
    /// What GitHub gives; also the most we believe.
    private static let longestLifetime = Duration.seconds(3600)

    private let gate = KeyedGate()
    private let kept = NIOLockedValueBox<[String: Kept]>([:])
    private let files = FileQueue(label: "github-app-key")

    /// The token of `app` for the owner of the session's repository; nil when the app is not installed there.
    ///
    /// - Parameters:
    ///   - session: gives a session about the same repository with another token.
    func token(
        of app: GitHubAppConfig, host: GitHubHost, repository: String, session: (ChosenToken) -> APISession
    ) async throws -> ChosenToken? {
        let key = Self.key(host, repository, app)
        try await gate.enter(key)
        do {
            let secret = try await secret(key, app, session)
            await gate.leave(key)
            return secret.map { ChosenToken(secret: $0, origin: AppAssertion.name(of: app)) }
        } catch {
            await gate.leave(key)
            throw error
        }
    }

    /// Forgets a token that GitHub has refused.
    func forget(_ token: ChosenToken) {
        kept.withLockedValue { kept in
            kept = kept.filter { $0.value.secret != token.secret }
        }
    }

    private func secret(
        _ key: String, _ app: GitHubAppConfig, _ session: (ChosenToken) -> APISession
    ) async throws -> Secret? {
        if let known = kept.withLockedValue({ $0[key] }), known.goodUntil > .now { return known.secret }
        let assertion = try AppAssertion.make(for: app, key: try await readKey(of: app))
        let session = session(assertion)
        guard let installation = try await session.installation() else { return nil }
        let token = try await session.installationToken(installation)
        let lifetime = min(token.lifetime, Self.longestLifetime) - Self.margin
        kept.withLockedValue { kept in
            kept = kept.filter { $0.value.goodUntil > .now }
            if kept.count < Self.limit { kept[key] = Kept(secret: token.secret, goodUntil: .now + lifetime) }
        }
        return token.secret
    }

    private func readKey(of app: GitHubAppConfig) async throws(SourceError) -> [UInt8] {
        let result = try await files.run { () throws(FileError) in
            Result { () throws(SmallFile.Unusable) in
                try SmallFile.read(app.privateKeyFile, limitBytes: AppAssertion.keyLimitBytes)
            }
        }
        do throws(SmallFile.Unusable) {
            if let key = try result.get() { return key }
        } catch {
            throw AppAssertion.unusable(app, error.reason, hint: error.hint)
        }
        throw AppAssertion.unusable(app, "does not exist")
    }

    /// An app is installed on an account, not on a repository.
    private static func key(_ host: GitHubHost, _ repository: String, _ app: GitHubAppConfig) -> String {
        "\(host.name)/\(repository.pathParts.first ?? "")/\(app.id)".lowercased()
    }
}

extension APISession {
    /// Maps to `GET /repos/{owner}/{repo}/installation`, which wants the app's own signature:
    /// <https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app>.
    fileprivate func installation() async throws -> Int64? {
        struct Wire: Decodable { var id: Int64 }
        let answer = try await get(
            address(["installation"]), accept: "application/vnd.github+json", wanted: [200, 404],
            doing: "Asking \(host.name) for the app's installation on \(repositoryName)")
        guard answer.status == 200 else { return nil }
        guard let wire = decoded(Wire.self, answer) else { throw unexpected(answer, "an installation").error }
        return wire.id
    }

    /// Maps to `POST /app/installations/{installation_id}/access_tokens`, and asks for no more than reading:
    /// <https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app>.
    fileprivate func installationToken(_ installation: Int64) async throws -> (secret: Secret, lifetime: Duration) {
        struct Wire: Decodable {
            var token: String
            var expiresAt: String

            enum CodingKeys: String, CodingKey {
                case token
                case expiresAt = "expires_at"
            }
        }
        let answer = try await post(
            hostAddress(["app", "installations", "\(installation)", "access_tokens"]),
            Array(#"{"permissions":{"contents":"read","metadata":"read"}}"#.utf8), wanted: [201],
            doing: "Asking \(host.name) for a token of the app")
        // Losing the error is right: the token's own text must not get into a message.
        guard let wire = decoded(Wire.self, answer), let token = try? ChosenToken(wire.token, origin: ""),
            let expiry = try? Date(wire.expiresAt, strategy: .iso8601)
        else { throw unexpected(answer, "a token").error }
        // The server's own clock, so that ours may be wrong.
        let now = answer.headers["date"].flatMap(HTTPDate.secondsSinceEpoch) ?? Int64(Date().timeIntervalSince1970)
        return (token.secret, .seconds(Int64(expiry.timeIntervalSince1970) - now))
    }
}

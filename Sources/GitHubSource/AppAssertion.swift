import FoundationEssentials
import JWTKit
import RunnerConfig

/// How a GitHub App proves who it is: a JSON Web Token signed with its key.
///
/// See <https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app>.
struct AppAssertion {
    /// Longer than any RSA key.
    static let keyLimitBytes = 32 << 10
    /// GitHub takes ten minutes at most, by its own clock.
    private static let lifetime: TimeInterval = 540
    /// For a clock of ours that is ahead.
    private static let backdating: TimeInterval = 60

    private struct Claims: JWTPayload {
        var iss: IssuerClaim
        var iat: IssuedAtClaim
        var exp: ExpirationClaim

        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    /// Signs for `app`, whose key file holds `key`.
    ///
    /// - Throws: `UNAUTHORIZED` for a key that is none; nothing of it is in the message.
    static func make(
        for app: GitHubAppConfig, key: [UInt8], now: Date = Date()
    ) async throws(SourceError) -> ChosenToken {
        do {
            let rsa = try Insecure.RSA.PrivateKey(pem: String(decoding: key, as: UTF8.self))
            let keys = await JWTKeyCollection().add(rsa: rsa, digestAlgorithm: .sha256)
            let second = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
            let claims = Claims(
                iss: IssuerClaim(value: app.id), iat: IssuedAtClaim(value: second - backdating),
                exp: ExpirationClaim(value: second + lifetime))
            return ChosenToken(secret: Secret(try await keys.sign(claims)), origin: "the key of \(name(of: app))")
        } catch {
            // The library's words may be about the key's contents.
            throw unusable(app, "holds no RSA private key in PEM form of 2048 bits or more")
        }
    }

    static func name(of app: GitHubAppConfig) -> String { "GitHub App \(app.id)" }

    static func unusable(_ app: GitHubAppConfig, _ reason: String, hint: String? = nil) -> SourceError {
        SourceError(
            SourceError.Code.unauthorized,
            "The key of \(name(of: app)) cannot be used: the file \(SafeText.plain(app.privateKeyFile)) \(reason)",
            hint: hint ?? "Generate a private key in the app's settings on GitHub and name its file as privateKeyFile.")
    }
}

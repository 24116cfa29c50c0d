import CryptoExtras
import FoundationEssentials
import RunnerConfig

/// How a GitHub App proves who it is: a JSON Web Token (RFC 7519) signed with its key by RS256, the only way GitHub takes.
///
/// swift-crypto reads the key and signs; a library for tokens of every kind would bring X.509 and 3 MB for these two
/// lines of JSON. See
/// <https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app>.
enum AppAssertion {
    /// Longer than any RSA key.
    static let keyLimitBytes = 32 << 10
    /// GitHub takes ten minutes at most, by its own clock.
    private static let lifetimeSeconds: Int64 = 540
    /// For a clock of ours that is ahead.
    private static let backdatingSeconds: Int64 = 60

    private struct Header: Encodable {
        var alg = "RS256"
        var typ = "JWT"
    }

    private struct Claims: Encodable {
        var iss: String
        var iat: Int64
        var exp: Int64
    }

    /// Signs for `app`, whose key file holds `key`: PKCS #1, as GitHub gives it, or PKCS #8.
    ///
    /// - Throws: `UNAUTHORIZED` for a key that is none; nothing of it is in the message.
    static func make(
        for app: GitHubAppConfig, key: [UInt8], now: Date = Date()
    ) throws(SourceError) -> ChosenToken {
        let second = Int64(now.timeIntervalSince1970)
        let claims = Claims(iss: app.id, iat: second - backdatingSeconds, exp: second + lifetimeSeconds)
        do {
            let key = try _RSA.Signing.PrivateKey(pemRepresentation: String(decoding: key, as: UTF8.self))
            let encoder = JSONEncoder()
            let signed = "\(base64URL(try encoder.encode(Header()))).\(base64URL(try encoder.encode(claims)))"
            let signature = try key.signature(for: Data(signed.utf8), padding: .insecurePKCS1v1_5)
            return ChosenToken(
                secret: Secret("\(signed).\(base64URL(signature.rawRepresentation))"),
                origin: "the key of \(name(of: app))")
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

    /// Base64 for URLs, without padding (RFC 7515, appendix C).
    private static func base64URL(_ data: Data) -> String {
        String(
            data.base64EncodedString().compactMap { character -> Character? in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: character
                }
            })
    }
}

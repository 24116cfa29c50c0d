package import HTTPTransport
package import RunnerConfig

/// Asks a Backstage catalog for entities by their reference.
///
/// Maps to `GET /entities/by-name/{kind}/{namespace}/{name}`:
/// <https://backstage.io/docs/features/software-catalog/software-catalog-api#get-entitiesby-namekindnamespacename>.
/// The token goes to the configured address alone: redirects are not followed. Every function throws `SourceError`, or
/// `CancellationError` when its task was cancelled.
package final class CatalogClient: Sendable {
    private let http: HTTPClient
    private let config: CatalogConfig
    private let tokens: TokenChooser
    private let proxies: ProxyNote
    private let retry: RetryPolicy
    private let files = FileQueue(label: "catalog-token")

    static let answerTimeout = Duration.seconds(30)

    /// - Parameter environment: where a token named by a variable is looked up.
    package init(
        http: HTTPClient, config: CatalogConfig, environment: [String: String], retry: RetryPolicy = .standard
    ) {
        self.http = http
        self.config = config
        self.retry = retry
        tokens = TokenChooser(environment: environment)
        proxies = ProxyNote(environment: environment)
    }

    /// The entity of that reference, as the catalog knows it now.
    ///
    /// - Throws: `SOURCE_UNKNOWN` when the catalog has none, `UNAUTHORIZED`, `FORBIDDEN`, `CATALOG_UNAVAILABLE`,
    ///   `NETWORK`, `TLS`, `TIMEOUT`.
    package func entity(
        _ reference: EntityReference, notice: (@Sendable (String) -> Void)? = nil
    ) async throws -> CatalogEntity {
        let path = ["entities", "by-name", reference.kind, reference.namespace, reference.name]
        let text = config.baseURL + "/" + path.map { percentEncode($0, allowed: .pathSegment) }.joined(separator: "/")
        guard let address = WebAddress(text), !address.hasUserInfo else {
            throw SourceError(
                SourceError.Code.catalogUnavailable, "The catalog's baseUrl is not a plain web address",
                hint: "Mend `catalog` in the agent's configuration.")
        }
        let token = try await token()
        let answers = CatalogAnswerPolicy(host: address.authority, reference: reference, token: token)
        let action = "Asking the catalog at \(address.authority) for \(reference)"
        let body = try await retry.run(notice: notice) {
            do {
                let (status, headers, body) = try await http.collect(
                    request(address, token), limitBytes: CatalogEntity.limitBytes)
                if let failure = answers.failure(status: status, headers: headers, body: body) { throw failure }
                return body
            } catch let error as HTTPTransportError {
                try Task.checkCancellation()
                throw RequestFailure(error, doing: action, proxy: proxies.sentence(for: address))
            }
        }
        return try answers.entity(in: body)
    }

    private func request(_ address: WebAddress, _ token: ChosenToken?) -> HTTPRequest {
        var headers = HTTPHeaders([("User-Agent", "runner-agent"), ("Accept", "application/json")])
        if let token { headers.add("Authorization", "Bearer \(token.secret.value)") }
        var request = HTTPRequest(method: "GET", url: address.text, headers: headers)
        request.allowedSchemes = [address.scheme]
        request.caFile = config.caFile
        request.totalTimeout = Self.answerTimeout
        return request
    }

    private func token() async throws -> ChosenToken? {
        guard let source = config.tokenSource else { return nil }
        let result = try await files.run { [tokens] () throws(FileError) in
            Result { () throws(TokenChooser.Unusable) in try tokens.token(from: source) }
        }
        do {
            return try result.get()
        } catch {
            throw SourceError(
                SourceError.Code.unauthorized, "The catalog's token cannot be used: \(error.reason)",
                hint: error.hint ?? "Mend the token below `catalog` in the agent's configuration, or remove it.")
        }
    }
}

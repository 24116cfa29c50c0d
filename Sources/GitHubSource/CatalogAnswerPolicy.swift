import FoundationEssentials
import HTTPTransport
import RunnerConfig

/// What a catalog's answer about an entity means, without any I/O.
///
/// Backstage's errors are described at <https://backstage.io/docs/plugins/backend-plugin>: a JSON object with
/// `error.name` and `error.message`.
struct CatalogAnswerPolicy {
    let host: String
    let reference: EntityReference
    let token: ChosenToken?

    private static let addressHint =
        "Check that catalog.baseUrl is the address of the catalog's API, as in https://backstage.example.com/api/catalog."

    /// Nil for an answer that holds an entity.
    func failure(status: Int, headers: HTTPHeaders, body: [UInt8]) -> RequestFailure? {
        switch status {
        case 200:
            let contentType = headers["content-type"]?.lowercased() ?? ""
            guard !contentType.hasPrefix("text/html") else {
                return final(
                    SourceError.Code.catalogUnavailable, "\(host) answered with a web page instead of an entity",
                    hint: Self.addressHint)
            }
            return nil
        case 301, 302, 303, 307, 308:
            let target = headers["location"].flatMap(WebAddress.init).map { " to \($0.scheme)://\($0.authority)" }
            return final(
                SourceError.Code.catalogUnavailable,
                "\(host) redirects\(target ?? "") instead of answering, and the token is not taken elsewhere",
                hint: Self.addressHint + " A proxy that wants people to sign in needs an exception for the agent.")
        case 401:
            return final(
                SourceError.Code.unauthorized,
                token.map { "The catalog at \(host) refused the token from \($0.origin)" }
                    ?? "The catalog at \(host) wants a token" + said(body),
                hint:
                    "Give catalog.tokenFile an external access token that Backstage's backend.auth.externalAccess has.")
        case 403:
            return final(
                SourceError.Code.forbidden, "The catalog at \(host) forbids reading \(reference)" + said(body),
                hint: "Allow the token to read catalog entities (catalog.entity.read) in Backstage.")
        case 404:
            // Without a name of Backstage's in the body, it was not the catalog that answered.
            guard errorName(in: body) == "NotFoundError" else {
                return final(
                    SourceError.Code.catalogUnavailable, "There is no catalog at \(host): it answered 404",
                    hint: Self.addressHint)
            }
            return final(
                SourceError.Code.sourceUnknown, "The catalog at \(host) has no \(reference)",
                hint:
                    "Check the reference: kind:namespace/name. An entity registered just now takes some seconds to appear."
            )
        case 429, 408, 500...599:
            let wait = headers["retry-after"].flatMap(UInt32.init).map { Duration.seconds(Int64($0)) }
            return RequestFailure(
                kind: status == 429 ? .limited : .transient,
                error: SourceError(
                    SourceError.Code.catalogUnavailable, "The catalog at \(host) answered \(status)" + said(body),
                    hint: "See Backstage's own log, and try again later.", retryable: true,
                    retryAfter: wait ?? (status == 429 ? .seconds(60) : nil)))
        default:
            return final(
                SourceError.Code.catalogUnavailable, "The catalog at \(host) answered \(status)" + said(body),
                hint: Self.addressHint)
        }
    }

    /// Reads the body of a good answer.
    func entity(in body: [UInt8]) throws(SourceError) -> CatalogEntity {
        let entity: CatalogEntity
        do { entity = try CatalogEntity(json: body) } catch {
            throw SourceError(
                SourceError.Code.catalogUnavailable, "What \(host) answered is no entity: \(error.message)",
                hint: Self.addressHint)
        }
        guard entity.reference == reference else {
            throw SourceError(
                SourceError.Code.catalogUnavailable,
                "\(host) was asked for \(reference) and answered with \(entity.reference)", hint: Self.addressHint)
        }
        return entity
    }

    private func final(_ code: String, _ message: String, hint: String) -> RequestFailure {
        RequestFailure(kind: .final, error: SourceError(code, message, hint: hint))
    }

    private func said(_ body: [UInt8]) -> String {
        guard let message = explanation(in: body)?.message else { return "" }
        return ": " + SafeText.remote(message, secrets: token.map { [$0.secret.value] } ?? [])
    }

    private func errorName(in body: [UInt8]) -> String? { explanation(in: body)?.name }

    private struct Explanation: Decodable {
        var name: String?
        var message: String?
    }

    private func explanation(in body: [UInt8]) -> Explanation? {
        struct Envelope: Decodable { var error: Explanation }
        // Losing the error is right: a body that is not Backstage's has nothing to tell.
        return (try? JSONDecoder().decode(Envelope.self, from: Data(body)))?.error
    }
}

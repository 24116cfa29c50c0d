import FoundationEssentials
import HTTPTransport
import RunnerConfig

/// What an answer of GitHub's that is not the wanted one means, without any I/O.
///
/// Follows <https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api>.
struct AnswerPolicy {
    let host: String
    /// What was asked for, as a person calls it: "octo/demo".
    let repository: String
    let token: ChosenToken?
    /// Why no token was sent although one was configured.
    var absence: String?

    /// The code and message for a status other than the wanted ones.
    func failure(status: Int, headers: HTTPHeaders, body: [UInt8]) -> RequestFailure {
        if status == 403 || status == 429, let limit = rateLimit(status: status, headers: headers, body: body) {
            return limit
        }
        switch status {
        case 401:
            return final(
                SourceError.Code.unauthorized,
                token.map { "GitHub refused the token from \($0.origin)" } ?? "\(host) wants a token",
                hint:
                    "The token may be expired, revoked or of another server. Give a valid one, or none for a public repository."
            )
        case 403:
            return forbidden(headers: headers, body: body)
        case 404:
            return final(
                SourceError.Code.repositoryNotFound,
                "\(repository) on \(host) does not exist, is private, or "
                    + (token.map { "the token from \($0.origin) has no access to it" }
                        ?? "needs a token: none was sent" + (absence.map { " (\($0))" } ?? "")),
                hint: "Check the spelling. For a private repository give a token that may read its contents.")
        case 410:
            return final(
                SourceError.Code.repositoryNotFound, "\(repository) is gone from \(host)" + said(body),
                hint: "Its owner has deleted it or turned this part of it off. Correct the location.")
        case 409:
            return final(
                SourceError.Code.referenceNotFound, "\(repository) is empty: it has no commit yet",
                hint: "Push a commit, then start again.")
        case 422:
            return final(
                SourceError.Code.gitHubUnavailable,
                "\(host) could not process the request about \(repository)" + said(body),
                hint: "GitHub understood the question but not its words: check the names in the location.")
        case 451:
            return final(
                SourceError.Code.legallyBlocked, "\(repository) is blocked for legal reasons" + said(body),
                hint: "GitHub does not serve this repository. Its owner can say more.")
        case 408, 500...599:
            return RequestFailure(
                kind: .transient,
                error: SourceError(
                    SourceError.Code.gitHubUnavailable, "\(host) answered \(status) for \(repository)",
                    hint:
                        "This is a failure of GitHub's or of a proxy before it. See https://www.githubstatus.com and try again later.",
                    retryable: true, retryAfter: retryAfter(headers)))
        default:
            return final(
                SourceError.Code.gitHubUnavailable, "\(host) answered \(status) for \(repository)" + said(body),
                hint: "Check that apiBaseUrl names GitHub's API and not a proxy or a web page.")
        }
    }

    /// A body that is not what its request asked for: a sign-in page, a captive portal.
    func unexpectedBody(contentType: String?, wanted: String) -> RequestFailure {
        final(
            SourceError.Code.gitHubUnavailable,
            "\(host) answered with \(contentType.map { "'\(SafeText.plain($0))'" } ?? "an unnamed type") instead of \(wanted)",
            hint:
                "A proxy, a firewall or a sign-in page may answer in GitHub's place. Check https_proxy and apiBaseUrl.")
    }

    func final(_ code: String, _ message: String, hint: String?) -> RequestFailure {
        RequestFailure(kind: .final, error: SourceError(code, message, hint: hint))
    }

    private func forbidden(headers: HTTPHeaders, body: [UInt8]) -> RequestFailure {
        if let sso = headers["x-github-sso"] {
            let page = sso.byteRange(of: "url=").map { SafeText.plain(sso[$0.upperBound...]) }
            return final(
                SourceError.Code.ssoRequired,
                "The organisation of \(repository) wants the token from \(token?.origin ?? "the request") to be authorised for its single sign-on",
                hint: page.map { "Open \($0), authorise the token, then start again." }
                    ?? "Authorise the token for the organisation in GitHub's settings, then start again.")
        }
        return final(
            SourceError.Code.forbidden, "GitHub forbids access to \(repository)" + said(body),
            hint:
                "The token may lack the permission to read contents, or an IP allow list or policy of the organisation applies."
        )
    }

    /// Nil when the answer is not about a rate limit.
    private func rateLimit(status: Int, headers: HTTPHeaders, body: [UInt8]) -> RequestFailure? {
        let wait: Duration
        let kind: String
        if headers["x-ratelimit-remaining"] == "0", let reset = headers["x-ratelimit-reset"].flatMap(Int64.init) {
            // The server's own clock, so that ours may be wrong; one more second since both are whole seconds.
            let now = headers["date"].flatMap(HTTPDate.secondsSinceEpoch) ?? Int64(Date().timeIntervalSince1970)
            let (difference, overflow) = reset.subtractingReportingOverflow(now)
            wait = overflow ? Self.longestReset : min(max(.seconds(difference), .zero) + .seconds(1), Self.longestReset)
            kind =
                token == nil
                ? "rate limit for requests without a token" : "rate limit of the token from \(token?.origin ?? "")"
        } else if let after = retryAfter(headers) {
            wait = after
            kind = "secondary rate limit"
        } else if message(in: body)?.lowercased().byteRange(of: "secondary rate") != nil {
            wait = .seconds(60)
            kind = "secondary rate limit"
        } else if status == 429 || message(in: body)?.lowercased().byteRange(of: "rate limit") != nil {
            wait = .seconds(60)
            kind = "rate limit"
        } else {
            return nil
        }
        let until = Date(timeIntervalSinceNow: TimeInterval(wait.components.seconds)).ISO8601Format()
        return RequestFailure(
            kind: .limited,
            error: SourceError(
                SourceError.Code.rateLimited, "GitHub's \(kind) is used up until \(until)",
                hint: token == nil
                    ? "Give a token: it raises the limit from 60 to 5000 requests an hour." : "Wait until then.",
                retryable: true, retryAfter: wait))
    }

    /// GitHub's limits last an hour; anything longer is a broken clock or header.
    private static let longestReset = Duration.seconds(24 * 3600)

    private func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        guard let seconds = headers["retry-after"].flatMap(UInt32.init) else { return nil }
        return min(.seconds(Int64(seconds)), Self.longestReset)
    }

    private func said(_ body: [UInt8]) -> String {
        message(in: body).map { ": " + SafeText.remote($0, secrets: token.map { [$0.secret.value] } ?? []) } ?? ""
    }

    private func message(in body: [UInt8]) -> String? {
        struct Explanation: Decodable { var message: String }
        // Losing the error is right: a body that is not GitHub's has nothing to tell.
        return (try? JSONDecoder().decode(Explanation.self, from: Data(body)))?.message
    }
}

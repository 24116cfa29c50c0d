import HTTPTransport
import RunnerConfig

/// The requests about one repository, with one token.
struct APISession: Sendable {
    let http: HTTPClient
    let host: GitHubHost
    let repositoryName: String
    let token: ChosenToken?
    let retry: RetryPolicy
    let notice: (@Sendable (String) -> Void)?

    static let redirectLimit = 5
    /// A repository's description is about 10 kB.
    static let answerLimitBytes = 1 << 20
    static let answerTimeout = Duration.seconds(30)

    struct Answer {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]
    }

    var answers: AnswerPolicy { AnswerPolicy(host: host.name, repository: repositoryName, token: token) }

    /// The address of something below the repository.
    ///
    /// Each part becomes one segment, slashes inside it encoded.
    func address(_ parts: [String]) -> String {
        host.address("/" + (["repos"] + repositoryName.pathParts + parts).map(Self.segment).joined(separator: "/"))
    }

    /// Makes a GET request, again after transient failures, and gives the answer when its status is one of `wanted`.
    func get(_ url: String, accept: String, wanted: Set<Int>, doing action: String) async throws -> Answer {
        try await retry.run(notice: notice) {
            let answer = try await follow(url, accept: accept, doing: action)
            guard wanted.contains(answer.status) else {
                throw answers.failure(status: answer.status, headers: answer.headers, body: answer.body)
            }
            return answer
        }
    }

    /// Follows the redirects of renamed repositories; they stay inside the API, and so does the token.
    private func follow(_ url: String, accept: String, doing action: String) async throws -> Answer {
        guard var address = WebAddress(url) else {
            throw answers.final(SourceError.Code.network, "\(action) failed: no valid address", hint: nil)
        }
        for _ in 0...Self.redirectLimit {
            var request = request(address, authorised: true)
            request.headers.set("Accept", accept)
            request.totalTimeout = Self.answerTimeout
            let answer: Answer
            do {
                let (status, headers, body) = try await http.collect(request, limitBytes: Self.answerLimitBytes)
                answer = Answer(status: status, headers: headers, body: body)
            } catch {
                try Task.checkCancellation()
                throw answers.failure(error, doing: action)
            }
            guard let target = try redirect(of: address, status: answer.status, headers: answer.headers) else {
                return answer
            }
            guard host.isAPI(target) else { throw refusedRedirect(to: target) }
            address = target
        }
        throw tooManyRedirects()
    }

    /// A request to the API with its token, or to an archive host without.
    func request(_ address: WebAddress, authorised: Bool) -> HTTPRequest {
        var headers = HTTPHeaders([("User-Agent", "runner-agent")])
        if authorised {
            headers.add("X-GitHub-Api-Version", "2022-11-28")
            if let token { headers.add("Authorization", "Bearer \(token.secret.value)") }
        }
        var request = HTTPRequest(method: "GET", url: address.text, headers: headers)
        request.allowedSchemes = [address.scheme]
        request.caFile = host.caFile
        return request
    }

    /// Where an answer sends us; nil when it is no redirect.
    func redirect(of address: WebAddress, status: Int, headers: HTTPHeaders) throws -> WebAddress? {
        guard [301, 302, 303, 307, 308].contains(status) else { return nil }
        guard let location = headers["location"], let target = address.resolving(location: location),
            !target.hasUserInfo
        else {
            throw answers.final(
                SourceError.Code.gitHubUnavailable, "\(host.name) answered with a redirect that leads nowhere",
                hint: "A proxy may answer in GitHub's place. Check https_proxy and apiBaseUrl.")
        }
        return target
    }

    /// Names the host alone: the address may carry a short-lived token.
    func refusedRedirect(to target: WebAddress) -> RequestFailure {
        answers.final(
            SourceError.Code.unsupportedHost,
            "\(host.name) redirects to \(target.scheme)://\(target.authority), which is not allowed",
            hint: "If that host belongs to this GitHub, add it to its archiveHosts in the agent's configuration.")
    }

    func tooManyRedirects() -> RequestFailure {
        answers.final(
            SourceError.Code.gitHubUnavailable, "\(host.name) redirects more than \(Self.redirectLimit) times",
            hint: "A proxy may answer in GitHub's place. Check https_proxy and apiBaseUrl.")
    }

    static func segment(_ text: String) -> String { percentEncode(text, allowed: .pathSegment) }
}

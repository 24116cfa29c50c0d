import HTTPTransport
import RunnerConfig

/// The requests about one repository, with one token.
struct APISession: Sendable {
    let connection: APIConnection
    let host: GitHubHost
    let repositoryName: String
    let token: ChosenToken?
    /// Why no token is sent although one was configured.
    var absence: String?
    let notice: (@Sendable (String) -> Void)?

    static let redirectLimit = 5
    /// A repository's description is about 10 kB.
    static let answerLimitBytes = 1 << 20
    static let answerTimeout = Duration.seconds(30)

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]
    }

    var answers: AnswerPolicy {
        AnswerPolicy(host: host.name, repository: repositoryName, token: token, absence: absence)
    }

    /// The address of something below the repository.
    ///
    /// Each part becomes one segment, slashes inside it encoded.
    func address(_ parts: [String]) -> String { hostAddress(["repos"] + repositoryName.pathParts + parts) }

    /// The address of something of the API.
    func hostAddress(_ parts: [String]) -> String {
        host.address("/" + parts.map(Self.segment).joined(separator: "/"))
    }

    /// Makes a GET request, again after transient failures, and gives the answer when its status is one of `wanted`.
    func get(_ url: String, accept: String, wanted: Set<Int>, doing action: String) async throws -> Answer {
        try await ask(url, accept: accept, wanted: wanted, doing: action) { HTTPRequest(method: "GET", url: $0) }
    }

    /// Makes a POST request with a JSON body, which must do no harm when it is made twice.
    func post(_ url: String, _ json: [UInt8], wanted: Set<Int>, doing action: String) async throws -> Answer {
        try await ask(url, accept: "application/vnd.github+json", wanted: wanted, doing: action) {
            HTTPRequest(
                method: "POST", url: $0, headers: HTTPHeaders([("Content-Type", "application/json")]),
                body: .bytes(json))
        }
    }

    private func ask(
        _ url: String, accept: String, wanted: Set<Int>, doing action: String, _ make: (String) -> HTTPRequest
    ) async throws -> Answer {
        try await connection.retry.run(notice: notice) {
            let answer = try await follow(url, accept: accept, doing: action, make)
            guard wanted.contains(answer.status) else {
                throw answers.failure(status: answer.status, headers: answer.headers, body: answer.body)
            }
            return answer
        }
    }

    /// Follows the redirects of renamed repositories; they stay inside the API, and so does the token.
    private func follow(
        _ url: String, accept: String, doing action: String, _ make: (String) -> HTTPRequest
    ) async throws -> Answer {
        guard var address = WebAddress(url) else {
            throw answers.final(SourceError.Code.network, "\(action) failed: no valid address", hint: nil)
        }
        for _ in 0...Self.redirectLimit {
            let answer = try await exchange(
                prepared(make(address.text), address, authorised: true), address, accept, action)
            guard let target = try redirect(of: address, status: answer.status, headers: answer.headers) else {
                return answer
            }
            guard host.isAPI(target) else { throw refusedRedirect(to: target) }
            address = target
        }
        throw tooManyRedirects()
    }

    /// One request and its answer, or the remembered one when that is still good.
    private func exchange(
        _ request: HTTPRequest, _ address: WebAddress, _ accept: String, _ action: String
    ) async throws -> Answer {
        var request = request
        request.headers.set("Accept", accept)
        request.totalTimeout = Self.answerTimeout
        let isRead = request.method == "GET"
        let key = AnswerMemory.key(url: address.text, accept: accept, token: token?.secret)
        let known = isRead ? connection.memory.entry(key) : nil
        if let known { request.headers.set("If-None-Match", known.tag) }
        do {
            let (status, headers, body) = try await connection.http.collect(request, limitBytes: Self.answerLimitBytes)
            if status == 304, let known { return known.answer }
            let answer = Answer(status: status, headers: headers, body: body)
            if isRead { connection.memory.keep(answer, for: key) }
            return answer
        } catch {
            try Task.checkCancellation()
            throw failure(error, at: address, doing: action)
        }
    }

    /// A GET request to the API with its token, or to an archive host without.
    func request(_ address: WebAddress, authorised: Bool) -> HTTPRequest {
        prepared(HTTPRequest(method: "GET", url: address.text), address, authorised: authorised)
    }

    private func prepared(_ request: HTTPRequest, _ address: WebAddress, authorised: Bool) -> HTTPRequest {
        var request = request
        request.headers.add("User-Agent", "runner-agent")
        if authorised {
            request.headers.add("X-GitHub-Api-Version", "2022-11-28")
            if let token { request.headers.add("Authorization", "Bearer \(token.secret.value)") }
        }
        request.allowedSchemes = [address.scheme]
        request.caFile = host.caFile
        return request
    }

    func failure(_ error: HTTPTransportError, at address: WebAddress, doing action: String) -> RequestFailure {
        RequestFailure(error, doing: action, proxy: connection.proxies.sentence(for: address))
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

/// What the requests to all hosts share.
struct APIConnection: Sendable {
    let http: HTTPClient
    let retry: RetryPolicy
    let proxies: ProxyNote
    let memory = AnswerMemory()
}

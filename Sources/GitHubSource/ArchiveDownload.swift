import HTTPTransport

/// One commit's archive on its way from GitHub to a writer.
///
/// Maps to `GET /repos/{owner}/{repo}/tarball/{ref}` and the redirect it answers with:
/// <https://docs.github.com/rest/repos/contents#download-a-repository-archive-tar>.
struct ArchiveDownload {
    let session: APISession
    let commit: String
    let limitBytes: Int64
    let progress: @Sendable (Int64, Int64?) -> Void
    let writer: ArchiveWriter

    /// GitHub packs the archive before it answers, which takes a while for a large repository.
    static let answerTimeout = Duration.seconds(120)
    static let totalTimeout = Duration.seconds(1800)
    static let wakeBytes = 256 << 10
    static let errorBodyLimitBytes = 64 << 10

    private static let gzipMagic: [UInt8] = [0x1F, 0x8B]

    func run() async throws {
        var isFirst = true
        try await session.connection.retry.run(notice: session.notice) {
            if !isFirst { try await writer.restart() }
            isFirst = false
            try await attempt()
        }
    }

    private var action: String { "Downloading the archive of \(session.repositoryName)" }

    private func attempt() async throws {
        guard var address = WebAddress(session.address(["tarball", commit])) else {
            throw session.answers.final(SourceError.Code.network, "\(action) failed: no valid address", hint: nil)
        }
        // Once off the API the token is gone for good, even when a later redirect leads back.
        var authorised = true
        for _ in 0...APISession.redirectLimit {
            let response = try await send(address, authorised: authorised)
            guard let target = try session.redirect(of: address, status: response.status, headers: response.headers)
            else {
                return try await receive(response, from: address, fromAPI: authorised)
            }
            response.body.cancel()
            if authorised && session.host.isAPI(target) && response.status != 302 {
                address = target
            } else if session.host.allowsArchive(from: target) {
                address = target
                authorised = false
            } else {
                throw session.refusedRedirect(to: target)
            }
        }
        throw session.tooManyRedirects()
    }

    private func send(_ address: WebAddress, authorised: Bool) async throws -> HTTPResponse {
        var request = session.request(address, authorised: authorised)
        request.responseTimeout = Self.answerTimeout
        request.totalTimeout = Self.totalTimeout
        request.lowSpeed = (bytesPerSecond: 1000, window: .seconds(30))
        request.wakeBytes = Self.wakeBytes
        do {
            return try await session.connection.http.send(request)
        } catch {
            try Task.checkCancellation()
            throw session.failure(error, at: address, doing: action)
        }
    }

    private func receive(_ response: HTTPResponse, from address: WebAddress, fromAPI: Bool) async throws {
        let contentType = response.headers["content-type"]
        guard response.status == 200 else { throw await failure(response, fromAPI: fromAPI) }
        if contentType?.lowercased().hasPrefix("text/html") == true {
            response.body.cancel()
            throw session.answers.unexpectedBody(contentType: contentType, wanted: "an archive")
        }
        let total = response.headers["content-length"].flatMap(Int64.init)
        if let total, total > limitBytes { throw tooLarge() }

        var received: Int64 = 0
        var head: [UInt8] = []
        var bytes = response.body.makeAsyncIterator()
        while let chunk = try await next(&bytes, from: address, after: received) {
            if head.count < Self.gzipMagic.count {
                head += chunk.prefix(Self.gzipMagic.count - head.count)
                guard Self.gzipMagic.starts(with: head) else { throw notAnArchive(contentType) }
            }
            received += Int64(chunk.count)
            guard received <= limitBytes else { throw tooLarge() }
            try await writer(chunk)
            progress(received, total)
        }
        guard head == Self.gzipMagic else { throw notAnArchive(contentType) }
    }

    private func next(
        _ bytes: inout HTTPResponseBody.AsyncIterator, from address: WebAddress, after received: Int64
    ) async throws -> [UInt8]? {
        do {
            return try await bytes.next()
        } catch {
            try Task.checkCancellation()
            throw session.failure(error, at: address, doing: "\(action) after \(received) bytes")
        }
    }

    private func failure(_ response: HTTPResponse, fromAPI: Bool) async -> RequestFailure {
        // Losing the error is right: the status alone already tells what failed.
        let body = (try? await response.body.collect(limitBytes: Self.errorBodyLimitBytes)) ?? []
        let failure = session.answers.failure(status: response.status, headers: response.headers, body: body)
        // The API has just led here, so the repository is there: the address was too old. Another one may do.
        guard !fromAPI, response.status == 404 else { return failure }
        return RequestFailure(
            kind: .transient,
            error: SourceError(
                SourceError.Code.gitHubUnavailable,
                "GitHub's archive server does not know the archive of \(session.repositoryName) that the API promised",
                hint: "Try again later.", retryable: true))
    }

    private func tooLarge() -> RequestFailure {
        RequestFailure(
            kind: .final,
            error: SourceError(
                SourceError.Code.archiveTooLarge,
                "The archive of \(session.repositoryName) is larger than \(limitBytes) bytes",
                hint:
                    "Raise limits.archiveBytes in the agent's configuration, or keep large files out of the repository's archive with export-ignore.",
                limit: "archiveBytes"))
    }

    private func notAnArchive(_ contentType: String?) -> RequestFailure {
        session.answers.final(
            SourceError.Code.archiveInvalid,
            "What came as the archive of \(session.repositoryName) is not gzip data (type \(contentType.map(SafeText.plain) ?? "not given"))",
            hint: "A proxy or a firewall may answer in GitHub's place. Check https_proxy and archiveHosts.")
    }
}

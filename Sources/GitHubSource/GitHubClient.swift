package import HTTPTransport
package import RunnerConfig

/// Asks GitHub's REST API for repositories, commits, files and archives.
///
/// A token goes to the API of its own host and nowhere else; redirects are followed here and not by the transport.
/// Every function throws `SourceError`, or `CancellationError` when its task was cancelled. `notice` hears a sentence
/// whenever a request is about to be repeated.
package final class GitHubClient: Sendable {
    private let connection: APIConnection
    private let hosts: [String: Result<GitHubHost, SourceError>]
    private let tokens: TokenChooser
    private let installationTokens = InstallationTokens()
    private let files = FileQueue(label: "github-tokens")

    /// - Parameters:
    ///   - hosts: the configured hosts; github.com is added when it is missing.
    ///   - environment: where tokens named by variables are looked up, and the place of `gh`'s hosts file.
    package init(
        http: HTTPClient, hosts: [GitHubHostConfig], environment: [String: String], retry: RetryPolicy = .standard
    ) {
        connection = APIConnection(http: http, retry: retry, proxies: ProxyNote(environment: environment))
        tokens = TokenChooser(environment: environment)
        var known: [String: Result<GitHubHost, SourceError>] = [:]
        for config in hosts + [.gitHubDotCom] where known[GitHubHost.name(of: config)] == nil {
            known[GitHubHost.name(of: config)] = Result { () throws(SourceError) in try GitHubHost(config) }
        }
        self.hosts = known
    }

    /// Reads a location string, with the hosts that are configured.
    ///
    /// Asks nobody.
    ///
    /// - Parameter ref: a branch, tag or commit that was given beside the location; it wins over the location's own.
    package func locate(_ text: String, ref: String? = nil) throws(SourceError) -> RepositoryLocation {
        let location = try RepositoryLocation.parse(text, hosts: Set(hosts.keys))
        guard let ref else { return location }
        return try location.selecting(ref: ref)
    }

    /// Finds the repository and the commit: usually two small requests at the same time.
    package func resolve(
        _ location: RepositoryLocation, token: Secret? = nil, notice: (@Sendable (String) -> Void)? = nil
    ) async throws -> ResolvedSource {
        let requested = "\(location.owner)/\(location.repository)"
        let (session, warnings) = try await session(
            host: location.host, repository: requested, token: token, notice: notice)
        return try await forgettingRefused(session) {
            guard !location.readings.isEmpty else {
                let found = try await session.repository()
                let reading = RepositoryLocation.Reading(ref: found.defaultBranch, directory: "")
                guard let commit = try await session.commit(of: reading.ref) else {
                    throw session.referenceNotFound([reading.ref], defaultBranch: found.defaultBranch)
                }
                return resolved(location, found, reading, commit, warnings)
            }
            async let reading = session.reading(among: location.readings)
            let found = try await session.repository()
            guard let (reading, commit) = try await reading else {
                throw session.referenceNotFound(location.readings.map(\.ref), defaultBranch: found.defaultBranch)
            }
            return resolved(location, found, reading, commit, warnings)
        }
    }

    /// Reads one file at the source's commit; nil when there is no such file.
    ///
    /// A directory or a submodule is no file.
    ///
    /// - Parameter path: relative to the repository's root.
    /// - Throws: also `GITHUB_UNAVAILABLE` for a file over ``contentsLimitBytes``.
    package func contents(
        _ source: ResolvedSource, path: String, token: Secret? = nil, notice: (@Sendable (String) -> Void)? = nil
    ) async throws -> [UInt8]? {
        let (session, _) = try await session(
            host: source.host, repository: source.fullName, token: token, notice: notice)
        return try await session.contents(path: path, commit: source.commit)
    }

    /// The longest file ``contents(_:path:token:notice:)`` reads.
    package static let contentsLimitBytes = 1 << 20

    /// Downloads the commit's archive, a gzip-compressed tar, as GitHub makes it.
    ///
    /// Each attempt begins at the API, since the address of a private archive is valid for minutes, and after
    /// `writer.restart()`, since archives cannot be continued. That the bytes are a whole archive is only known after
    /// they were decompressed: a body whose length nobody announced may end early without an error.
    ///
    /// - Parameters:
    ///   - limitBytes: a longer archive throws `ARCHIVE_TOO_LARGE`.
    ///   - progress: hears the bytes received in this attempt, and of how many where that is known.
    package func downloadArchive(
        _ source: ResolvedSource, token: Secret? = nil, limitBytes: Int64,
        notice: (@Sendable (String) -> Void)? = nil,
        progress: @escaping @Sendable (Int64, Int64?) -> Void = { _, _ in },
        to writer: ArchiveWriter
    ) async throws {
        let (session, _) = try await session(
            host: source.host, repository: source.fullName, token: token, notice: notice)
        let download = ArchiveDownload(
            session: session, commit: source.commit, limitBytes: limitBytes, progress: progress, writer: writer)
        try await forgettingRefused(session) { try await download.run() }
    }

    private func session(
        host: String, repository: String, token: Secret?, notice: (@Sendable (String) -> Void)?
    ) async throws -> (session: APISession, warnings: [String]) {
        guard let host = try hosts[host]?.get() else { throw SourceError.unsupportedHost(host) }
        var choice = try await files.run { [tokens] () throws(FileError) in
            Result { () throws(SourceError) in try tokens.choice(for: host, request: token) }
        }.get()
        func session(with token: ChosenToken?) -> APISession {
            APISession(
                connection: connection, host: host, repositoryName: repository, token: token,
                absence: choice.absence, notice: notice)
        }
        if choice.token == nil, let app = host.app {
            choice.token = try await installationTokens.token(
                of: app, host: host, repository: repository, session: session(with:))
            if choice.token == nil { choice.absence = "\(AppAssertion.name(of: app)) is not installed there" }
        }
        return (session(with: choice.token), choice.warnings)
    }

    /// A token of an app that is refused is asked for anew the next time.
    private func forgettingRefused<Value: Sendable>(
        _ session: APISession, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as SourceError where error.code == SourceError.Code.unauthorized {
            if let token = session.token { installationTokens.forget(token) }
            throw error
        }
    }

    private func resolved(
        _ location: RepositoryLocation, _ found: RepositoryDescription, _ reading: RepositoryLocation.Reading,
        _ commit: String, _ warnings: [String]
    ) -> ResolvedSource {
        var warnings = location.warnings + warnings
        let requested = "\(location.owner)/\(location.repository)"
        if requested.lowercased() != found.fullName.lowercased() {
            warnings.append("\(requested) is now called \(found.fullName); update the location.")
        }
        return ResolvedSource(
            host: location.host, owner: found.owner, repository: found.name, ref: reading.ref, commit: commit,
            defaultBranch: found.defaultBranch, directory: reading.directory, isPrivate: found.isPrivate,
            warnings: warnings)
    }
}

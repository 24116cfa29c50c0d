import FoundationEssentials
import GitHubSource
import Glibc
import HTTPTransport
import RunnerConfig
import TestSupport
import Testing

/// A real client in front of the suite's loopback GitHub, with an archive cache and an owner of its own.
///
/// Waits before retries are recorded, not spent. Needs the trait `.sharedGitHub`.
struct GitHubFixture: Sendable {
    let server: LoopbackGitHub
    let client: GitHubClient
    let cache: ArchiveCache
    let waits = Waits()
    let directory: String
    /// Nobody else's, for example `octo-1f3`.
    let owner: String

    /// Runs `body` with an owner that has no repository yet.
    static func run<Value>(
        configuredToken: String? = nil, app: GitHubAppConfig? = nil, caFile: String? = nil,
        on server: LoopbackGitHub? = nil, _ body: (GitHubFixture) async throws -> Value
    ) async throws -> Value {
        let server = try #require(server ?? SharedGitHub.server, "the suite lacks the trait .sharedGitHub")
        let config = GitHubHostConfig(
            host: server.host, apiBaseURL: server.api,
            archiveHosts: [try #require(server.codeload.split(separator: "/").last).description],
            tokenSource: configuredToken.map { .value(Secret($0)) }, app: app, caFile: caFile,
            allowHTTP: server.api.hasPrefix("http:"))
        return try await withTemporaryDirectory { try await body(GitHubFixture(server, config, $0)) }
    }

    private init(_ server: LoopbackGitHub, _ config: GitHubHostConfig, _ directory: String) {
        self.server = server
        self.directory = directory
        owner = "octo-\(String(UInt64.random(in: 0 ... .max), radix: 16))"
        client = GitHubClient(
            http: HTTPClient(), hosts: [config], environment: ["GITHUB_TOKEN": "ghp_AMBIENT"],
            retry: RetryPolicy { [waits] in await waits.add($0) })
        cache = ArchiveCache(directory: "\(directory)/cache", limitBytes: 1 << 30)
    }

    /// Another client, of a server that may be none.
    func client(host: String? = nil, api: String? = nil, retry: RetryPolicy? = nil) -> GitHubClient {
        let config = GitHubHostConfig(host: host ?? server.host, apiBaseURL: api ?? server.api, allowHTTP: true)
        return GitHubClient(
            http: HTTPClient(), hosts: [config], environment: [:],
            retry: retry ?? RetryPolicy { [waits] in await waits.add($0) })
    }

    /// A repository with a configuration file and a file below `sub/`; returns the commit.
    @discardableResult
    func addRepository(
        _ name: String = "demo", branch: String = "main", file: String = "content"
    ) async throws -> String {
        let tree = "\(directory)/tree-\(UInt64.random(in: 0 ... .max))"
        for (path, text) in [".runner/config.yml": "runner:\n", "sub/a.txt": file] {
            let folder = "\(tree)/\(path.split(separator: "/").dropLast().joined(separator: "/"))"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try writeTextFile(text, to: "\(tree)/\(path)")
        }
        return try await server.addRepository("\(owner)/\(name)", from: tree, branch: branch)
    }

    /// Runs git in a repository.
    @discardableResult
    func git(_ arguments: String..., of name: String = "demo") async throws -> String {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "safe.directory=*"]
        return try await ChildProcess.run(
            "/usr/bin/git", ["-C", "\(server.root)/\(owner)/\(name).git"] + identity + arguments
        ) { process in
            try await process.closeInput()
            let output = try await process.output.rest().joined(separator: "\n")
            let ending = try await process.ending()
            try #require(ending == .exited(0), "git \(arguments)")
            return output
        }
    }

    /// Writes one of the files that `loopback-github` looks for in a repository.
    func set(_ file: String, to text: String = "", of name: String = "demo") throws {
        try writeTextFile(text, to: "\(server.root)/\(owner)/\(name).git/\(file)")
    }

    /// The location of a repository or of something in it, for example `demo/tree/main`.
    func location(_ path: String = "demo") -> String { "url:https://\(server.host)/\(owner)/\(path)" }

    func resolve(_ path: String = "demo", token: String? = nil) async throws -> ResolvedSource {
        try await client.resolve(client.locate(location(path)), token: token.map { Secret($0) })
    }

    func archive(
        of source: ResolvedSource, token: String? = nil, limitBytes: Int64 = 1 << 20
    ) async throws -> CachedArchive {
        try await cache.archive(for: source) { writer in
            try await client.downloadArchive(
                source, token: token.map { Secret($0) }, limitBytes: limitBytes, to: writer)
        }
    }

    /// The requests about this owner's repositories so far.
    func requests() throws -> [RecordedRequest] {
        try server.requests().filter { $0.contains(owner) }.map {
            try JSONDecoder().decode(RecordedRequest.self, from: Data($0.utf8))
        }
    }
}

struct RecordedRequest: Decodable, Hashable {
    var port: String
    var method: String
    var path: String
    var headers: [String: String]
}

/// The waits that were asked for.
actor Waits {
    private(set) var all: [Duration] = []

    func add(_ wait: Duration) { all.append(wait) }
}

func readFile(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: path))) }

func names(in directory: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory) }

func changeMode(of path: String, to mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}

func makeDirectory(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}

func mode(of path: String) throws -> Int {
    try (FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int) ?? 0
}

func makeLink(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
}

func removeReference(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

extension SourceError {
    /// All that a person sees.
    var text: String { "\(message) \(hint ?? "")" }
}

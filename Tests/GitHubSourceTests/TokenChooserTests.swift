import RunnerConfig
import TestSupport
import Testing

@testable import GitHubSource

@Suite struct TokenChooserTests {
    private static let ambient = [
        "GITHUB_TOKEN": "ambient", "GH_ENTERPRISE_TOKEN": "enterprise", "MINE": " named\n", "EMPTY": " ",
    ]

    private func choice(
        _ source: TokenSource?, host: String = "ghe.example.com", request: String? = nil, app: GitHubAppConfig? = nil,
        environment: [String: String] = ambient
    ) throws -> TokenChoice {
        let host = try GitHubHost(GitHubHostConfig(host: host, tokenSource: source, app: app))
        return try TokenChooser(environment: environment).choice(for: host, request: request.map { Secret($0) })
    }

    private func chosen(
        _ source: TokenSource?, host: String = "ghe.example.com", request: String? = nil,
        environment: [String: String] = ambient
    ) throws -> String? {
        try choice(source, host: host, request: request, environment: environment).token?.secret.value
    }

    @Test func `prefers the request over the configuration over the environment over gh`() async throws {
        try await withTemporaryDirectory { directory in
            try writeTextFile("github.com:\n  oauth_token: kept\n", to: "\(directory)/hosts.yml")
            var environment = Self.ambient
            environment["GH_CONFIG_DIR"] = directory
            func chosen(_ source: TokenSource?, request: String? = nil) throws -> String? {
                try self.chosen(source, host: "github.com", request: request, environment: environment)
            }
            #expect(try chosen(.value(Secret("own")), request: " given\n") == "given")
            #expect(try chosen(.value(Secret("own"))) == "own")
            #expect(try chosen(.environment(name: "MINE")) == "named")
            #expect(try chosen(nil) == "ambient")
            environment["GITHUB_TOKEN"] = nil
            environment["GH_TOKEN"] = "second"
            #expect(try chosen(nil) == "second")
            environment["GH_TOKEN"] = nil
            #expect(try chosen(nil) == "kept")
        }
    }

    @Test(arguments: [
        ("github.com", "ambient"), ("ghe.example.com", "enterprise"), ("127.0.0.1:8080", "enterprise"),
        ("tenant.ghe.com", nil),
    ])
    func `keeps an ambient token from servers it was not made for`(_ host: String, _ expected: String?) throws {
        #expect(try chosen(nil, host: host) == expected)
    }

    @Test func `takes nothing ambient where an app is configured`() throws {
        let app = GitHubAppConfig(id: "1", privateKeyFile: "/x")
        #expect(try choice(nil, host: "github.com", app: app).token == nil)
        #expect(try choice(nil, host: "github.com", request: "given", app: app).token?.secret.value == "given")
    }

    @Test func `finds the hosts file of gh where gh keeps it`() async throws {
        try await withTemporaryDirectory { directory in
            try makeDirectory("\(directory)/.config/gh")
            let text = "GHE.example.com:\n  user: ada\n  users: {ada: {oauth_token: other}}\n  oauth_token: kept\n"
            try writeTextFile(text, to: "\(directory)/.config/gh/hosts.yml")
            #expect(try chosen(nil, environment: ["HOME": directory]) == "kept")
            #expect(try chosen(nil, environment: ["XDG_CONFIG_HOME": "\(directory)/.config"]) == "kept")
            #expect(try chosen(nil, environment: ["GH_CONFIG_DIR": "\(directory)/.config/gh"]) == "kept")
            #expect(try chosen(nil, environment: ["GH_CONFIG_DIR": "\(directory)/none", "HOME": directory]) == nil)
            #expect(try chosen(nil, host: "github.com", environment: ["HOME": directory]) == nil)
        }
    }

    @Test(arguments: [
        ("github.com: [", 0o600, "cannot be understood"), ("github.com: {oauth_token: a b CANARY}", 0o600, "no token"),
        ("github.com: {oauth_token: CANARY}", 0o644, "every user"),
    ])
    func `goes on without gh's token when its file has a fault, and says so`(
        _ text: String, _ mode: Int, _ reason: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            try writeTextFile(text, to: "\(directory)/hosts.yml")
            try changeMode(of: "\(directory)/hosts.yml", to: mode)
            let choice = try choice(nil, host: "github.com", environment: ["GH_CONFIG_DIR": directory])
            #expect(choice.token == nil)
            #expect(choice.warnings.count == 1)
            #expect(choice.warnings.first?.contains(reason) == true, "\(choice.warnings)")
            #expect(choice.warnings.first?.contains("CANARY") == false)
        }
    }

    @Test func `refuses a token that would break its header field`() {
        for bad in ["a\r\nHost: x", "a b", "a\u{0}b", "tokén", String(repeating: "x", count: 20_000)] {
            let error = #expect(throws: SourceError.self) { try chosen(nil, request: bad) }
            #expect(error?.code == "UNAUTHORIZED")
            #expect(error?.message.contains(bad) == false)
        }
    }

    @Test func `says so when the named variable is not set`() {
        let error = #expect(throws: SourceError.self) { try chosen(.environment(name: "EMPTY")) }
        #expect(error?.message.contains("EMPTY") == true)
    }

    @Test func `reads the first line of a private file and refuses a file for everybody`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/token"
            try writeTextFile("filed\nsecond\n", to: path)
            #expect(try chosen(.file(path: path)) == "filed")
            try makeLink("\(directory)/link", to: path)
            #expect(try chosen(.file(path: "\(directory)/link")) == "filed")
            #expect(throws: SourceError.self) { try chosen(.file(path: "/dev/null")) }
            try changeMode(of: path, to: 0o644)
            let error = #expect(throws: SourceError.self) { try chosen(.file(path: path)) }
            #expect(error?.hint?.contains("chmod 600") == true)
            let absent = #expect(throws: SourceError.self) { try chosen(.file(path: "\(directory)/absent")) }
            #expect(absent?.message.contains("does not exist") == true)
            try writeTextFile("\n", to: "\(directory)/empty")
            #expect(throws: SourceError.self) { try chosen(.file(path: "\(directory)/empty")) }
        }
    }
}

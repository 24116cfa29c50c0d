import RunnerConfig
import TestSupport
import Testing

@testable import GitHubSource

@Suite struct TokenChooserTests {
    private let chooser = TokenChooser(environment: ["GITHUB_TOKEN": "ambient", "MINE": " named\n", "EMPTY": " "])

    private func chosen(
        _ source: TokenSource?, host: String = "ghe.example.com", request: String? = nil
    ) throws -> String? {
        let host = try GitHubHost(GitHubHostConfig(host: host, tokenSource: source))
        return try chooser.token(for: host, request: request.map { Secret($0) })?.secret.value
    }

    @Test func `prefers the request over the configuration over the environment`() throws {
        #expect(try chosen(.value(Secret("own")), host: "github.com", request: " given\n") == "given")
        #expect(try chosen(.value(Secret("own")), host: "github.com") == "own")
        #expect(try chosen(.environment(name: "MINE"), host: "github.com") == "named")
        #expect(try chosen(nil, host: "github.com") == "ambient")
    }

    @Test func `keeps the ambient token from other hosts`() throws {
        #expect(try chosen(nil) == nil)
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
            #expect(throws: SourceError.self) { try chosen(.file(path: "\(directory)/absent")) }
        }
    }
}

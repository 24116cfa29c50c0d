import RunnerConfig
import Testing

@testable import GitHubSource

@Suite struct GitHubHostTests {
    private func enterprise() throws -> GitHubHost {
        try GitHubHost(GitHubHostConfig(host: "ghe.example.com"))
    }

    @Test(arguments: [
        ("https://ghe.example.com/api/v3/repositories/7", true), ("https://ghe.example.com/api/v3", true),
        ("https://ghe.example.com/_codeload/o/r", false), ("https://ghe.example.com/api/v33", false),
        ("https://ghe.example.com/api/v3/../../x", false), ("https://ghe.example.com/api/v3/%2e%2e/x", false),
        ("http://ghe.example.com/api/v3/x", false), ("https://ghe.example.com:8443/api/v3/x", false),
        ("https://codeload.ghe.example.com/api/v3/x", false), ("https://t@ghe.example.com/api/v3/x", false),
    ])
    func `sends the token below the API's own base alone`(_ text: String, _ expected: Bool) throws {
        #expect(try enterprise().isAPI(#require(WebAddress(text))) == expected)
    }

    @Test(arguments: [
        ("https://codeload.ghe.example.com/x", true), ("https://ghe.example.com/_codeload/x", true),
        ("http://codeload.ghe.example.com/x", false), ("https://codeload.github.com/x", false),
        ("https://codeload.ghe.example.com.evil.example/x", false), ("https://codeload.ghe.example.com:444/x", false),
        ("https://127.0.0.1/x", false), ("https://u@codeload.ghe.example.com/x", false),
    ])
    func `takes archives from the listed hosts over https`(_ text: String, _ expected: Bool) throws {
        #expect(try enterprise().allowsArchive(from: #require(WebAddress(text))) == expected)
    }

    @Test func `speaks plain http to loopback alone`() throws {
        let away = GitHubHostConfig(
            host: "ghe", apiBaseURL: "http://ghe.example.com", archiveHosts: [], allowHTTP: true)
        #expect(throws: SourceError.self) { try GitHubHost(away) }
        let near = GitHubHostConfig(
            host: "localhost", apiBaseURL: "http://localhost:9", archiveHosts: ["ghe"], allowHTTP: true)
        let host = try GitHubHost(near)
        #expect(host.allowsArchive(from: try #require(WebAddress("http://ghe/x"))) == false)
        #expect(throws: SourceError.self) {
            try GitHubHost(GitHubHostConfig(host: "localhost", apiBaseURL: "http://localhost:9", archiveHosts: []))
        }
    }
}

import RunnerConfig
import Testing

@Suite struct GitHubCLIHostsTests {
    @Test func `reads the tokens of a hosts file`() throws {
        let text = """
            github.com:
                users:
                    octocat:
                        oauth_token: gho_user
                git_protocol: https
                oauth_token: gho_canary
                user: octocat
            GHE.example.com:
                user: keyring
            """
        #expect(try GitHubCLIHosts.parse(Array(text.utf8)) == ["github.com": Secret("gho_canary")])
    }

    @Test func `an empty file has no tokens`() throws {
        #expect(try GitHubCLIHosts.parse([]).isEmpty)
    }

    @Test(arguments: [
        "[gho_canary]", "github.com: {oauth_token: [gho_canary]}", "github.com: {oauth_token: gho_canary",
    ])
    func `refuses another file without repeating it`(text: String) {
        let error = #expect(throws: ConfigError.self) { try GitHubCLIHosts.parse(Array(text.utf8)) }
        #expect(error?.description.contains("canary") == false)
    }
}

/// One GitHub: github.com, or a GitHub Enterprise host.
package struct GitHubHostConfig: Sendable, Hashable {
    /// In lower case, with the port if there is one; as in the URLs of its repositories.
    package var host: String
    /// Without a trailing slash.
    package var apiBaseURL: String
    /// Where a redirect to an archive may lead; each with its port if there is one.
    package var archiveHosts: [String]
    package var tokenSource: TokenSource?
    /// In place of a token.
    package var app: GitHubAppConfig?
    package var caFile: String?
    /// Plain http; true only when every host here is a loopback host.
    package var allowHTTP: Bool

    package static let gitHubDotCom = GitHubHostConfig(host: "github.com")

    /// The configuration of `host`; what is nil gets its default.
    ///
    /// The API of github.com is `https://api.github.com`, of a `NAME.ghe.com` `https://api.NAME.ghe.com`, of any other
    /// host `https://HOST/api/v3`. Archives come from the API's host and `codeload.HOST`.
    package init(
        host: String, apiBaseURL: String? = nil, archiveHosts: [String]? = nil, tokenSource: TokenSource? = nil,
        app: GitHubAppConfig? = nil, caFile: String? = nil, allowHTTP: Bool = false
    ) {
        self.host = host
        self.apiBaseURL = apiBaseURL ?? Self.defaultAPI(of: host, allowHTTP: allowHTTP)
        self.archiveHosts = archiveHosts ?? Self.defaultArchiveHosts(of: host, api: self.apiBaseURL)
        self.tokenSource = tokenSource
        self.app = app
        self.caFile = caFile
        self.allowHTTP = allowHTTP
    }

    private static func defaultAPI(of host: String, allowHTTP: Bool) -> String {
        if host == "github.com" || host.hasSuffix(".ghe.com") { return "https://api.\(host)" }
        return "\(allowHTTP ? "http" : "https")://\(host)/api/v3"
    }

    private static func defaultArchiveHosts(of host: String, api: String) -> [String] {
        let authority = api.split(separator: "/", maxSplits: 2).dropFirst().first.map(String.init) ?? host
        return [authority, "codeload.\(host)"]
    }
}

/// The hosts file of GitHub's own command line tool, `gh`: https://cli.github.com/manual/gh_auth_login.
package enum GitHubCLIHosts {
    private static let limit = 64

    /// The tokens in the file by host in lower case.
    ///
    /// A host whose token is in a keyring has none here.
    package static func parse(_ text: [UInt8]) throws(ConfigError) -> [String: Secret] {
        let report = ConfigReport()
        let root = YAMLComposer.compose(text, report: report)
        var tokens: [String: Secret] = [:]
        if let root {
            for (key, value) in ConfigField(node: root, path: ConfigPath(), report: report).entries(limit: limit) ?? []
            {
                // Other keys belong to gh, which may add to them.
                guard case .mapping(let entries) = value.node.content else { continue }
                guard let entry = entries.first(where: { $0.key == "oauth_token" }), !entry.value.isNull else {
                    continue
                }
                let path = value.path.appending(key: entry.key)
                let token = ConfigField(node: entry.value, path: path, report: report).string()
                if let token, !token.isEmpty { tokens[key.text.lowercased()] = Secret(token) }
            }
        }
        try report.check()
        return tokens
    }
}

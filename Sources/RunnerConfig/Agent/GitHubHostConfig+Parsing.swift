extension GitHubHostConfig {
    private static let keys = ["host", "apiBaseUrl", "archiveHosts", "caFile", "allowHttp", "app"] + TokenSource.keys
    private static let limit = 64

    static func readList(_ field: ConfigField) -> [GitHubHostConfig] {
        var hosts: [GitHubHostConfig] = []
        for item in field.items(limit: limit) ?? [] {
            guard let host = read(item) else { continue }
            if hosts.contains(where: { $0.host == host.host }) {
                item.fail("\(quoted(host.host)) is already given above")
            }
            hosts.append(host)
        }
        return hosts
    }

    private static func read(_ field: ConfigField) -> GitHubHostConfig? {
        guard let mapping = field.mapping(keys) else { return nil }
        let allowHTTP = mapping["allowHttp"]?.bool() ?? false
        let host = mapping.required("host", "as in host: github.com")?.text("a host", HostName.parse)
        if let host, allowHTTP { requireLoopback(host, mapping["allowHttp"], field) }
        let api = mapping["apiBaseUrl"]?.text("a URL", BaseURL.parse)
        if let api, let url = mapping["apiBaseUrl"] {
            if allowHTTP { requireLoopback(api.host, url, field) }
            if !api.isSecure, !allowHTTP {
                url.fail("must begin with https://; http is for loopback hosts with allowHttp: true")
            }
        }
        let archiveHosts = mapping["archiveHosts"].map { readArchiveHosts($0, loopbackOnly: allowHTTP) }
        let tokenSource = TokenSource.read(mapping)
        let app = mapping["app"].flatMap(GitHubAppConfig.read)
        if let field = mapping["app"], let (key, _) = mapping.oneOf(TokenSource.keys) {
            field.fail("cannot be given together with \(key)")
        }
        let caFile = mapping["caFile"]?.text("a path", AbsolutePath.parse)
        guard let host else { return nil }
        return GitHubHostConfig(
            host: host.text, apiBaseURL: api?.text, archiveHosts: archiveHosts, tokenSource: tokenSource,
            app: app, caFile: caFile, allowHTTP: allowHTTP)
    }

    private static func readArchiveHosts(_ field: ConfigField, loopbackOnly: Bool) -> [String] {
        var hosts: [String] = []
        for item in field.items(limit: limit) ?? [] {
            guard let host = item.text("a host", HostName.parse) else { continue }
            if loopbackOnly { requireLoopback(host, item, item) }
            hosts.append(host.text)
        }
        return hosts
    }

    private static func requireLoopback(_ host: HostName, _ field: ConfigField?, _ owner: ConfigField) {
        guard !host.isLoopback else { return }
        (field ?? owner).fail("allowHttp is for loopback hosts alone, and \(quoted(host.text)) is not one")
    }
}

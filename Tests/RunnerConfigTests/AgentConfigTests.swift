import RunnerConfig
import Testing

@Suite struct AgentConfigTests {
    @Test func `reads every key`() throws {
        let text = """
            github:
              - host: GitHub.com
                token: ghp_canary
              - host: ghe.example.com
                apiBaseUrl: https://ghe.example.com/api/v3/
                archiveHosts: [codeload.ghe.example.com]
                caFile: /etc/ssl/ghe.pem
                tokenEnv: GHE_TOKEN
              - host: 127.0.0.1:8080
                apiBaseUrl: http://127.0.0.1:8080
                archiveHosts: ["127.0.0.1:8081"]
                allowHttp: true
                tokenFile: /run/secrets/token
            catalog: {baseUrl: https://backstage.example.com/api/catalog, tokenFile: /run/secrets/backstage}
            components:
              component:default/Web: {location: "url:https://github.com/o/r/tree/main/", ref: v1}
              component:default/local: {path: /srv/local, configPath: deploy/runner.yml}
            engine: {host: unix:///var/run/docker.sock, builder: buildkit}
            bindAddress: 0.0.0.0
            publicHost: 20.2.34.21
            maxInstances: 3
            buildSecrets: {npm: {file: /run/secrets/npm}, pip: {env: PIP_TOKEN}}
            allow: {capAdd: [CAP_NET_ADMIN]}
            limits:
              archiveBytes: 256m
              expandedBytes: 2g
              expansionRatio: 500
              fileBytes: 1g
              members: 100000
              cacheBytes: 5g
              logBytes: 64m
              logTotalBytes: 2g
              historyCount: 200
              historyAge: 7d
              startsPerMinute: 600
            """
        let (config, warnings) = try AgentConfig.parse(Array(text.utf8))
        #expect(warnings.isEmpty)
        #expect(
            config.github == [
                GitHubHostConfig(host: "github.com", tokenSource: .value(Secret("ghp_canary"))),
                GitHubHostConfig(
                    host: "ghe.example.com", apiBaseURL: "https://ghe.example.com/api/v3",
                    archiveHosts: ["codeload.ghe.example.com"], tokenSource: .environment(name: "GHE_TOKEN"),
                    caFile: "/etc/ssl/ghe.pem"),
                GitHubHostConfig(
                    host: "127.0.0.1:8080", apiBaseURL: "http://127.0.0.1:8080", archiveHosts: ["127.0.0.1:8081"],
                    tokenSource: .file(path: "/run/secrets/token"), allowHTTP: true),
            ])
        #expect(
            config.catalog
                == CatalogConfig(
                    baseURL: "https://backstage.example.com/api/catalog",
                    tokenSource: .file(path: "/run/secrets/backstage")))
        #expect(
            config.components == [
                "component:default/web": ComponentSource(
                    place: .location("url:https://github.com/o/r/tree/main/", ref: "v1")),
                "component:default/local": ComponentSource(
                    place: .directory("/srv/local"), configPath: "deploy/runner.yml"),
            ])
        #expect(config.engineHost == "unix:///var/run/docker.sock")
        #expect(config.builder == "buildkit")
        #expect(config.bindAddress == "0.0.0.0")
        #expect(config.publicHost == "20.2.34.21")
        #expect(config.maxInstances == 3)
        #expect(
            config.buildSecrets == ["npm": .file(path: "/run/secrets/npm"), "pip": .environment(name: "PIP_TOKEN")])
        #expect(config.allowCapAdd == ["NET_ADMIN"])
        var limits = LimitsConfig()
        limits.archiveBytes = 256 << 20
        limits.expandedBytes = 2 << 30
        limits.expansionRatio = 500
        limits.fileBytes = 1 << 30
        limits.members = 100_000
        limits.cacheBytes = 5 << 30
        limits.logBytes = 64 << 20
        limits.logTotalBytes = 2 << 30
        limits.historyCount = 200
        limits.historyAge = .seconds(7 * 86_400)
        limits.startsPerMinute = 600
        #expect(config.limits == limits)
        #expect(config.holdsSecret)
    }

    @Test(arguments: ["", "# nothing", "---\n", "~", "{}", "github:\nlimits:\n"])
    func `an empty text is the default`(text: String) throws {
        let (config, warnings) = try AgentConfig.parse(Array(text.utf8))
        #expect(config == .empty)
        #expect(config.maxInstances == 1)
        #expect(!config.holdsSecret)
        #expect(warnings.isEmpty)
    }

    @Test(arguments: [
        ("github.com", "https://api.github.com", ["api.github.com", "codeload.github.com"]),
        ("ghe.example.com", "https://ghe.example.com/api/v3", ["ghe.example.com", "codeload.ghe.example.com"]),
        (
            "ghe.example.com:8443", "https://ghe.example.com:8443/api/v3",
            ["ghe.example.com:8443", "codeload.ghe.example.com:8443"]
        ),
        ("acme.ghe.com", "https://api.acme.ghe.com", ["api.acme.ghe.com", "codeload.acme.ghe.com"]),
    ])
    func `knows the addresses of a host`(host: String, api: String, archiveHosts: [String]) throws {
        let (config, _) = try AgentConfig.parse(Array("github: [{host: \(host)}]".utf8))
        #expect(config.github == [GitHubHostConfig(host: host, apiBaseURL: api, archiveHosts: archiveHosts)])
    }

    @Test(arguments: [
        ("github: github.com", "github"), ("github: [github.com]", "github[0]"), ("github: [{}]", "github[0].host"),
        ("github: [{host: 1}]", "github[0].host"), ("github: [{host: https://x}]", "github[0].host"),
        ("github: [{host: a}, {host: A}]", "github[1]"), ("github: [{host: a, apiBaseUrl: x}]", "github[0].apiBaseUrl"),
        ("github: [{host: a, apiBaseUrl: 'http://a'}]", "github[0].apiBaseUrl"),
        ("github: [{host: a, apiBaseUrl: 'https://u@a'}]", "github[0].apiBaseUrl"),
        ("github: [{host: a, apiBaseUrl: 'https://a/?x'}]", "github[0].apiBaseUrl"),
        ("github: [{host: a, apiBaseUrl: 'file:///etc'}]", "github[0].apiBaseUrl"),
        ("github: [{host: a, archiveHosts: a}]", "github[0].archiveHosts"),
        ("github: [{host: a, archiveHosts: ['https://a']}]", "github[0].archiveHosts[0]"),
        ("github: [{host: a, allowHttp: true}]", "github[0].allowHttp"),
        ("github: [{host: a, allowHttp: 1}]", "github[0].allowHttp"),
        ("github: [{host: localhost, allowHttp: true, apiBaseUrl: 'http://a'}]", "github[0].apiBaseUrl"),
        ("github: [{host: localhost, allowHttp: true, archiveHosts: [a]}]", "github[0].archiveHosts[0]"),
        ("github: [{host: a, caFile: x.pem}]", "github[0].caFile"),
        ("github: [{host: a, token: 1}]", "github[0].token"),
        ("github: [{host: a, token: 'a b'}]", "github[0].token"), ("github: [{host: a, token: ''}]", "github[0].token"),
        ("github: [{host: a, tokenFile: x}]", "github[0].tokenFile"),
        ("github: [{host: a, tokenEnv: A-B}]", "github[0].tokenEnv"),
        ("github: [{host: a, token: x, tokenFile: /x}]", "github[0].tokenFile"),
        ("github: [{host: a, tokenEnv: X, tokenFile: /x}]", "github[0].tokenEnv"),
        ("github: [{host: a, app: {id: 1}}]", "github[0].app.privateKeyFile"),
        ("github: [{host: a, app: {privateKeyFile: /x}}]", "github[0].app.id"),
        ("github: [{host: a, app: {id: 'a b', privateKeyFile: /x}}]", "github[0].app.id"),
        ("github: [{host: a, app: {id: 1, privateKeyFile: x}}]", "github[0].app.privateKeyFile"),
        ("github: [{host: a, token: x, app: {id: 1, privateKeyFile: /x}}]", "github[0].app"),
        ("catalog: https://x", "catalog"),
        ("catalog: {}", "catalog.baseUrl"),
        ("catalog: {baseUrl: 'http://a'}", "catalog.baseUrl"),
        ("catalog: {baseUrl: 'https://a', tokenEnv: 1}", "catalog.tokenEnv"),
        ("components: []", "components"), ("components: {web: {path: /x}}", "components.web"),
        ("components: {'a:b/c': x}", "components[\"a:b/c\"]"), ("components: {'a:b/c': {}}", "components[\"a:b/c\"]"),
        ("components: {'a:b/c/d': {path: /x}}", "components[\"a:b/c/d\"]"),
        ("components: {'a/b:c': {path: /x}}", "components[\"a/b:c\"]"),
        ("components: {'a:b/c': {path: x}}", "components[\"a:b/c\"].path"),
        ("components: {'a:b/c': {location: ''}}", "components[\"a:b/c\"].location"),
        ("components: {'a:b/c': {path: /x, location: y}}", "components[\"a:b/c\"].path"),
        ("components: {'a:b/c': {path: /x, ref: y}}", "components[\"a:b/c\"].ref"),
        ("components: {'a:b/c': {path: /x}, 'A:b/C': {path: /y}}", "components[\"A:b/C\"]"),
        ("engine: unix:///x", "engine"),
        ("engine: {host: 1}", "engine.host"), ("engine: {host: ssh://x}", "engine.host"),
        ("engine: {builder: kaniko}", "engine.builder"),
        ("bindAddress: localhost", "bindAddress"), ("bindAddress: 1.2.3", "bindAddress"),
        ("bindAddress: 0", "bindAddress"),
        ("publicHost: 'a:80'", "publicHost"), ("publicHost: https://x", "publicHost"),
        ("maxInstances: 0", "maxInstances"),
        ("maxInstances: 65", "maxInstances"), ("maxInstances: '2'", "maxInstances"),
        ("buildSecrets: [npm]", "buildSecrets"),
        ("buildSecrets: {npm: /x}", "buildSecrets.npm"), ("buildSecrets: {npm: {}}", "buildSecrets.npm"),
        ("buildSecrets: {npm: {file: x}}", "buildSecrets.npm.file"),
        ("buildSecrets: {npm: {file: /x, env: X}}", "buildSecrets.npm.env"),
        ("buildSecrets: {'a b': {file: /x}}", "buildSecrets[\"a b\"]"), ("allow: []", "allow"),
        ("allow: {capAdd: [ALL]}", "allow.capAdd[0]"),
        ("limits: 1", "limits"), ("limits: {archiveBytes: x}", "limits.archiveBytes"),
        ("limits: {expandedBytes: 1}", "limits.expandedBytes"),
        ("limits: {expansionRatio: 0}", "limits.expansionRatio"), ("limits: {fileBytes: true}", "limits.fileBytes"),
        ("limits: {members: 1.5}", "limits.members"), ("limits: {cacheBytes: []}", "limits.cacheBytes"),
        ("limits: {logBytes: -1}", "limits.logBytes"),
        ("limits: {logTotalBytes: 1e30}", "limits.logTotalBytes"),
        ("limits: {historyCount: -1}", "limits.historyCount"),
        ("limits: {historyAge: 7}", "limits.historyAge"), ("limits: {startsPerMinute: 0}", "limits.startsPerMinute"),
        ("[1]", ""), ("text", ""),
    ])
    func `refuses a wrong value at its key`(text: String, path: String) {
        #expect(agentErrors(text).map(\.path) == [path])
    }

    @Test func `reports every problem at once`() {
        let found = agentErrors(
            "maxInstances: 0\ngithub:\n  - host: a b\n    token: [x]\nlimits:\n  logBytes: y\nlimits: {}\n")
        #expect(
            found.map { "\($0.line):\($0.column) \($0.path)" } == [
                "1:15 maxInstances", "3:11 github[0].host", "4:12 github[0].token", "6:13 limits.logBytes",
                "7:1 limits",
            ])
    }

    @Test(arguments: [
        ("maxInstance: 1", "maxInstances"), ("github: [{host: a, apiBaseURL: 'https://a'}]", "apiBaseUrl"),
        ("github: [{host: a, token_file: /x}]", "tokenFile"), ("limits: {logbytes: 1m}", "logBytes"),
        ("bind: 0.0.0.0", "bindAddress"),
    ])
    func `suggests the key that was meant`(text: String, key: String) throws {
        let (_, warnings) = try AgentConfig.parse(Array(text.utf8))
        #expect(warnings.count == 1)
        #expect(warnings.first?.message.hasSuffix("did you mean \"\(key)\"?") == true)
    }

    @Test(arguments: [
        "github: [{host: a, token: [ghp_canary]}]", "github: [{host: a, token: 'ghp_canary x'}]",
        "github: [{host: a, token:ghp_canary}]",
        "github: ghp_canary", "github: [ghp_canary]", "github: [{host: a, tokenFile: ghp_canary}]",
        "github: [{host: a, tokenEnv: ghp-canary}]",
        "github: [{host: a, apiBaseUrl: 'https://x:ghp_canary@a'}]", "github: [{host: 'x:ghp_canary@a'}]",
        "github: [{host: a, token: ghp_canary, tokenFile: /x}]", "catalog: {baseUrl: 'https://x:ghp_canary@a'}",
        "engine: {host: 'x:ghp_canary@a'}", "github:\n  - host: a\n    token: \"ghp_canary\n",
        "github: [{host: a, token: !x ghp_canary}]",
        "github: [{host: a, token: \"ghp_canary\\0\"}]", "github:\n  - host: a\n    token:ghp_canary\n",
    ])
    func `never repeats a token`(text: String) throws {
        var said = agentErrors(text)
        if said.isEmpty { said = try AgentConfig.parse(Array(text.utf8)).warnings }
        #expect(!said.isEmpty)
        for diagnostic in said { #expect(!"\(diagnostic)".contains("canary")) }
    }

    @Test func `a dump of a configuration shows no token`() throws {
        let (config, _) = try AgentConfig.parse(Array("github: [{host: a, token: ghp_canary}]".utf8))
        var text = "\(config)"
        dump(config, to: &text)
        #expect(!text.contains("canary"))
    }

    @Test(arguments: [("42", "42"), ("Iv1.0123abcd", "Iv1.0123abcd"), ("'42'", "42")])
    func `reads the app of a host`(_ text: String, _ id: String) throws {
        let (config, warnings) = try AgentConfig.parse(
            Array("github: [{host: github.com, app: {id: \(text), privateKeyFile: /etc/app.pem}}]".utf8))
        #expect(config.github.first?.app == GitHubAppConfig(id: id, privateKeyFile: "/etc/app.pem"))
        #expect(config.github.first?.tokenSource == nil)
        #expect(warnings.isEmpty && !config.holdsSecret)
    }

    @Test func `accepts plain http to a catalog on this machine`() throws {
        let (config, _) = try AgentConfig.parse(Array("catalog: {baseUrl: 'http://localhost:7007/api/catalog/'}".utf8))
        #expect(config.catalog == CatalogConfig(baseURL: "http://localhost:7007/api/catalog"))
    }
}

import RunnerConfig

/// A token and where it came from, for messages: the token itself is never in one.
struct ChosenToken: Sendable {
    let secret: Secret
    let origin: String

    /// Nil for an empty token.
    init?(_ text: String, origin: String) throws(TokenChooser.Unusable) {
        let bytes = text.utf8.drop { $0 <= 0x20 }
        let end = bytes.lastIndex { $0 > 0x20 }
        guard let end else { return nil }
        let token = bytes[...end]
        // Anything else would end the header field or begin another.
        guard token.count <= TokenChooser.limitBytes, token.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw TokenChooser.Unusable(
                reason: "\(origin) holds no token: it has spaces, control characters or is too long")
        }
        secret = Secret(String(Substring(token)))
        self.origin = origin
    }

    init(secret: Secret, origin: String) {
        self.secret = secret
        self.origin = origin
    }
}

/// What a request to a host carries.
struct TokenChoice: Sendable {
    var token: ChosenToken?
    /// Why there is none although one was configured, to follow "none was sent".
    var absence: String?
    /// What was left out of account, for a person to know.
    var warnings: [String] = []
}

/// Decides which token a request to a host carries.
///
/// The request's own wins over the host's configured one, that over the environment's, and that over the one that `gh`
/// keeps. Of the environment, `GITHUB_TOKEN` and `GH_TOKEN` count for github.com alone, and `GH_ENTERPRISE_TOKEN` and
/// `GITHUB_ENTERPRISE_TOKEN` for the configured servers that are not GitHub's own: an ambient token must not reach a
/// server it was not made for. Blocks for small files.
struct TokenChooser: Sendable {
    let environment: [String: String]

    static let limitBytes = 16 << 10
    /// Tokens of some dozens of accounts.
    static let commandLineHostsLimitBytes = 256 << 10

    /// Why a token cannot be used; holds nothing of it.
    struct Unusable: Error {
        var reason: String
        var hint: String?
    }

    /// Everything but the token of an app, which GitHub has to be asked for.
    func choice(for host: GitHubHost, request: Secret?) throws(SourceError) -> TokenChoice {
        do throws(Unusable) {
            if let request, let token = try ChosenToken(request.value, origin: "the request's credentials") {
                return TokenChoice(token: token)
            }
            if let source = host.tokenSource {
                if let token = try token(from: source) { return TokenChoice(token: token) }
            } else if host.app != nil {
                return TokenChoice()
            }
            for name in Self.variables(for: host) {
                if let token = try ChosenToken(environment[name] ?? "", origin: "the variable \(name)") {
                    return TokenChoice(token: token)
                }
            }
        } catch {
            throw SourceError(
                SourceError.Code.unauthorized, "The GitHub token cannot be used: \(error.reason)",
                hint: error.hint
                    ?? "Mend the token's entry below `github` in the agent's configuration, or remove it.")
        }
        return commandLineChoice(for: host)
    }

    /// The token that a `token`, `tokenFile` or `tokenEnv` leads to; nil for an empty one in the configuration itself.
    func token(from source: TokenSource) throws(Unusable) -> ChosenToken? {
        switch source {
        case .value(let secret):
            return try ChosenToken(secret.value, origin: "the agent's configuration")
        case .file(let path):
            let origin = "the file \(path)"
            let contents: [UInt8]?
            do { contents = try SmallFile.read(path, limitBytes: Self.limitBytes) } catch {
                throw Unusable(reason: "\(origin) \(error.reason)", hint: error.hint)
            }
            guard let contents else { throw Unusable(reason: "\(origin) does not exist") }
            let line = String(decoding: contents.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            guard let token = try ChosenToken(line, origin: origin) else {
                throw Unusable(reason: "\(origin) has an empty first line")
            }
            return token
        case .environment(let name):
            let origin = "the variable \(name)"
            guard let token = try ChosenToken(environment[name] ?? "", origin: origin) else {
                throw Unusable(reason: "\(origin) is not set or empty")
            }
            return token
        }
    }

    private static func variables(for host: GitHubHost) -> [String] {
        if host.name == GitHubHost.publicName { return ["GITHUB_TOKEN", "GH_TOKEN"] }
        if host.name.hasSuffix(".ghe.com") { return [] }
        return ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"]
    }

    /// The token of `gh auth login`, when it is in a file and not in a keyring.
    ///
    /// The file belongs to another program, so a fault in it is no error of ours.
    private func commandLineChoice(for host: GitHubHost) -> TokenChoice {
        guard let path = commandLineHostsPath else { return TokenChoice() }
        func unusable(_ reason: String) -> TokenChoice {
            TokenChoice(warnings: ["\(SafeText.plain(path)) of gh \(reason); no token was taken from it."])
        }
        do throws(SmallFile.Unusable) {
            guard let text = try SmallFile.read(path, limitBytes: Self.commandLineHostsLimitBytes) else {
                return TokenChoice()
            }
            // Losing the error is right: its text is about a file whose lines hold tokens.
            guard let tokens = try? GitHubCLIHosts.parse(text) else { return unusable("cannot be understood") }
            guard let secret = tokens[host.name] else { return TokenChoice() }
            guard let token = try? ChosenToken(secret.value, origin: "the hosts file of gh") else {
                return unusable("holds no token for \(host.name) that could be sent")
            }
            return TokenChoice(token: token)
        } catch {
            return unusable(error.reason)
        }
    }

    /// See <https://cli.github.com/manual/gh_help_environment>.
    private var commandLineHostsPath: String? {
        func directory(_ name: String) -> String? {
            environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        if let own = directory("GH_CONFIG_DIR") { return own + "/hosts.yml" }
        if let base = directory("XDG_CONFIG_HOME") { return base + "/gh/hosts.yml" }
        return directory("HOME").map { $0 + "/.config/gh/hosts.yml" }
    }
}

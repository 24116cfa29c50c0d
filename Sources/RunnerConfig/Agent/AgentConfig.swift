/// The agent's own configuration, validated.
///
/// Nothing in it is required.
package struct AgentConfig: Sendable, Hashable {
    /// In the order of the text; a missing entry for github.com means ``GitHubHostConfig/gitHubDotCom``.
    package var github: [GitHubHostConfig] = []
    package var catalog: CatalogConfig?
    /// By entity reference in lower case, `kind:namespace/name`.
    package var components: [String: ComponentSource] = [:]
    /// `engine.host`: the URL of the engine.
    package var engineHost: String?
    /// `engine.builder`: nil lets the engine decide.
    package var builder: String?
    /// A numeric address.
    package var bindAddress: String?
    /// A name or address, for URLs alone.
    package var publicHost: String?
    package var maxInstances = 1
    /// `allow.capAdd`: capabilities that components may ask for.
    package var allowCapAdd: [String] = []
    /// By secret id.
    package var buildSecrets: [String: BuildSecretSource] = [:]
    package var limits = LimitsConfig()

    package static let empty = AgentConfig()

    package init() {}

    /// Whether the text itself holds a token, so that nobody else may be able to read its file.
    package var holdsSecret: Bool {
        let sources = github.map(\.tokenSource) + [catalog?.tokenSource]
        return sources.contains { source in
            if case .value = source { true } else { false }
        }
    }

    /// Variables of the agent's environment that hold secrets, which no other program needs to see.
    package var secretVariables: Set<String> {
        let tokens = github.map(\.tokenSource) + [catalog?.tokenSource]
        let named = tokens.compactMap { source in
            if case .environment(let name) = source { name } else { nil }
        }
        let secrets = buildSecrets.values.compactMap { source in
            if case .environment(let name) = source { name } else { nil }
        }
        return Set(named + secrets)
    }
}

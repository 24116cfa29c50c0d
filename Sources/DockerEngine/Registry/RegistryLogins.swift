import NIOConcurrencyHelpers

/// The logins of the agent's user for registries, from Docker's configuration.
///
/// Made for one build: it remembers what was asked, so that a refusal can be explained, and forgets all with the build.
package final class RegistryLogins: Sendable {
    package enum Outcome: Sendable {
        /// Nobody has logged in to this registry.
        case none
        case login(RegistryAuth)
        case problem(RegistryLoginProblem)
    }

    /// Variables with tokens of ours, which are none of a helper's business.
    private static let ownVariables: Set<String> = [
        "GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_ENTERPRISE_TOKEN",
    ]

    /// Docker's configuration; nil for an agent without a home.
    package let path: String?
    private let environment: [String: String]
    private let outcomes = NIOLockedValueBox<[RegistryHost: Outcome]>([:])

    /// `withholding` names variables of `environment` that helpers must not see.
    package init(environment: [String: String], withholding names: Set<String> = []) {
        let directory =
            environment.nonEmpty("DOCKER_CONFIG") ?? environment.nonEmpty("HOME").map { "\($0)/.docker" }
        path = directory.map { "\($0)/config.json" }
        self.environment = environment.filter { !Self.ownVariables.contains($0.key) && !names.contains($0.key) }
    }

    /// Everything asked so far and what became of it.
    package var asked: [RegistryHost: Outcome] { outcomes.withLockedValue { $0 } }

    /// The login for a registry; a lookup that fails counts as none, for most images are public.
    package func login(for host: RegistryHost) async -> RegistryAuth? {
        if case .login(let auth) = await outcome(for: host) { return auth }
        return nil
    }

    private func outcome(for host: RegistryHost) async -> Outcome {
        if let known = outcomes.withLockedValue({ $0[host] }) { return known }
        let found: Outcome
        do throws(RegistryLoginProblem) {
            found = try await look(for: host).map { .login($0) } ?? .none
        } catch {
            found = .problem(error)
        }
        outcomes.withLockedValue { $0[host] = found }
        return found
    }

    private func look(for host: RegistryHost) async throws(RegistryLoginProblem) -> RegistryAuth? {
        guard let path else { return nil }
        let file = try DockerConfigFile(path: path)
        if let name = file.helper(for: host) {
            let helper = try CredentialHelper(name: name, environment: environment)
            if let login = try await helper.login(for: host) { return login }
        }
        return try file.login(for: host)
    }
}

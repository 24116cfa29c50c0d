import DockerEngine

/// A registry that gave no image, and what is known about our login there.
///
/// Registries answer a missing image and a forbidden one alike, so what we sent is the better half of the explanation.
struct RegistryRefusal {
    private let host: RegistryHost
    private let outcome: RegistryLogins.Outcome
    private let path: String
    /// The registry's words are about who asks, not about what is missing.
    private let isDenial: Bool

    /// Nil when the build failed for another reason.
    init?(_ failure: BuildFailure, logins: RegistryLogins) {
        switch failure.kind {
        case .baseImageUnauthorized: self.init(text: failure.message, isDenial: true, logins)
        case .baseImageMissing: self.init(text: failure.message, isDenial: false, logins)
        default: return nil
        }
    }

    init?(_ failure: ImagePullFailure, logins: RegistryLogins) {
        let text = "\(failure.reference): \(failure.message)"
        switch failure.kind {
        case .unauthorized: self.init(text: text, isDenial: true, logins)
        case .notFound: self.init(text: text, isDenial: false, logins)
        default: return nil
        }
    }

    /// The registry is the one that was asked about and that the text names, or the only one asked about.
    private init?(text: String, isDenial: Bool, _ logins: RegistryLogins) {
        let asked = logins.asked
        let named = asked.filter { text.contains($0.key.name) }
        guard let (host, outcome) = named.count == 1 ? named.first : asked.count == 1 ? asked.first : nil else {
            return nil
        }
        self.host = host
        self.outcome = outcome
        self.isDenial = isDenial || text.contains("may require")
        path = logins.path ?? "Docker's config.json"
    }

    func explaining(_ failure: Failure) -> Failure {
        guard isDenial else { return failure }
        var failure = failure
        failure.code = FailureCode.imagePullDenied.rawValue
        switch outcome {
        case .none:
            failure.hint =
                "there is no login for \(host) in \(path): run `docker login \(host)` as the agent's user, "
                + "or check the image's name"
        case .login(let login):
            let user = login.username.isEmpty ? "the login" : "the login of \(login.username)"
            failure.hint =
                "\(host) refuses \(user) from \(path): run `docker login \(host)` again as the agent's user, "
                + "or check that this user may read the image"
        case .problem(let problem):
            failure.hint = "the login for \(host) could not be looked up: \(problem.message)"
        }
        return failure.adding("registry", host.name)
    }
}

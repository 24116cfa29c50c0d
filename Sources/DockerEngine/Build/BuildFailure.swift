/// Why a build failed, as far as the engine's words tell.
package struct BuildFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A `RUN` ended with another code than 0.
        case runFailed
        /// The Dockerfile is missing, cannot be parsed, or asks for what the builder cannot do.
        case dockerfileInvalid
        case baseImageMissing
        case baseImageUnauthorized
        /// The registry of a base image cannot be reached, or refuses more pulls.
        case baseImageUnreachable
        case copySourceMissing
        case targetMissing
        case noSpace
        /// A `RUN` mounts a secret with `required=true` that nobody has given.
        case secretMissing
        /// BuildKit needs credentials or a secret, which it can only be given by a session.
        case sessionRequired
        case other
    }

    package let kind: Kind
    /// The engine's words, without the builder's inner ones.
    package let message: String
    /// The instruction that failed.
    package let step: String?
    /// Of a `RUN` that failed.
    package let exitCode: Int?

    package init(kind: Kind, message: String, step: String? = nil, exitCode: Int? = nil) {
        self.kind = kind
        self.message = message
        self.step = step
        self.exitCode = exitCode
    }
}

extension BuildFailure {
    /// The frames that BuildKit wraps around a cause.
    private static let wrappings = [
        "failed to solve with frontend dockerfile.v0: ", "failed to solve with frontend gateway.v0: ",
        "failed to solve: ", "failed to create LLB definition: ", "rpc error: code = Unknown desc = ",
    ]

    /// Classifies an engine's error text; `code` is the exit code when it is told apart from the text.
    init(engineText: String, code: Int?, step: String?) {
        var text = engineText.trimmed
        while let wrapping = Self.wrappings.first(where: { text.hasPrefix($0) }) {
            text.removeFirst(wrapping.count)
        }
        var step = step
        // Podman names the step in the error: building at STEP "RUN false": while running runtime: exit status 1
        if let rest = text.after("building at STEP \""), let end = rest.firstRange(of: "\": ") {
            step = rest[..<end.lowerBound].trimmed
            text = String(rest[end.upperBound...])
        }
        let exitCode = code ?? Self.exitCode(in: text)
        let kind = exitCode != nil ? .runFailed : Self.classify(text.lowercased())
        self.init(
            kind: kind, message: String(text.prefix(EngineErrorBody.maxShownCharacters)), step: step, exitCode: exitCode
        )
    }

    /// The code is at the end; the command before it may hold any text.
    private static func exitCode(in text: String) -> Int? {
        guard
            text.containsAny(
                "did not complete successfully", "executor failed running", "returned a non-zero code",
                "while running runtime")
        else { return nil }
        for marker in ["exit code: ", "non-zero code: ", "exit status "] {
            guard let range = text.ranges(of: marker).last else { continue }
            if let code = text[range.upperBound...].leadingNumber { return code }
        }
        return nil
    }

    private static func classify(_ text: String) -> Kind {
        if text.containsAny("did not complete successfully", "executor failed running") { return .runFailed }
        if text.contains("no space left on device") { return .noSpace }
        if text.contains("no active session") { return .sessionRequired }
        if isSecretProblem(text) { return .secretMissing }
        if text.hasPrefix("target stage ") || text.hasPrefix("the target \"")
            || text.contains("failed to reach build target")
        {
            return .targetMissing
        }
        if isDockerfileProblem(text) { return .dockerfileInvalid }
        if isCopyProblem(text) { return .copySourceMissing }
        switch RegistryProblem(message: text) {
        case .notFound: return .baseImageMissing
        case .unauthorized: return .baseImageUnauthorized
        case .network, .rateLimited: return .baseImageUnreachable
        case nil: return .other
        }
    }

    private static func isDockerfileProblem(_ text: String) -> Bool {
        text.containsAny(
            "dockerfile parse error", "unknown instruction", "cannot locate specified dockerfile",
            "failed to read dockerfile", "requires buildkit", "cannot be empty", "file with no instructions",
            "no build stage in current context", "failed to parse stage name", "invalid reference format",
            "circular dependency", "unknown flag", "base name (", "no from statement found")
            // Podman's words for a Dockerfile that is not there.
            || (text.hasPrefix("stat /") && text.hasSuffix("no such file or directory"))
            || text.containsAny("no such dockerfile", "containerfile or dockerfile")
    }

    private static func isSecretProblem(_ text: String) -> Bool {
        // BuildKit's words, and Podman's.
        text.hasPrefix("secret ") && text.hasSuffix("not found")
            || text.contains("secret required but no secret with id")
    }

    private static func isCopyProblem(_ text: String) -> Bool {
        text.containsAny(
            "failed to compute cache key", "failed to calculate checksum", "copy failed", "add failed",
            "no source files were specified", "checking on sources under", "no items matching glob")
    }
}

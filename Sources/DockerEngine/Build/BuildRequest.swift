/// What to build, besides the context.
package struct BuildRequest: Sendable {
    package enum Builder: Sendable, Hashable {
        /// BuildKit on Docker, Podman's own on Podman.
        case automatic
        /// Docker's first builder: no heredocs, no mounts, no clipped output. The same as `automatic` on Podman.
        case classic
    }

    /// The image's names; at least one, or the result dangles.
    package var tags: [String]
    /// Relative to the context's root.
    package var dockerfile = "Dockerfile"
    /// They show in the output and in the image's history: no place for secrets.
    package var buildArgs: [String: String] = [:]
    package var target: String?
    package var labels: [String: String] = [:]
    /// `linux/amd64`; nil is the engine's own.
    package var platform: String?
    package var noCache = false
    /// Look for newer base images.
    ///
    /// BuildKit without a session is not told: it could not log in to the registry, so whoever builds pulls first.
    package var pull = false
    /// The most memory of a build step; BuildKit has no such limit and is not told.
    package var memoryBytes: Int64?
    /// A network for the build's steps; nil is the engine's default.
    package var networkMode: String?
    package var builder = Builder.automatic
    /// For the base images; BuildKit asks its session instead.
    package var credentials: [RegistryAuth] = []
    /// For BuildKit alone: where it asks for logins and secrets.
    package var session: BuildSession?

    package init(tags: [String]) {
        self.tags = tags
    }

    package func usesBuildKit(on kind: EngineInfo.Kind) -> Bool { kind == .docker && builder == .automatic }

    /// The parameters of `POST /build`.
    ///
    /// `forcerm` is always set: without it the classic builder leaves the container of a failed step behind.
    func query(for kind: EngineInfo.Kind) throws -> [(name: String, value: String)] {
        let usesBuildKit = usesBuildKit(on: kind)
        var query = tags.map { (name: "t", value: $0) }
        query.append(("dockerfile", dockerfile))
        query.append(("rm", "1"))
        query.append(("forcerm", "1"))
        if !buildArgs.isEmpty { query.append(("buildargs", try EngineClient.jsonText(buildArgs))) }
        if !labels.isEmpty { query.append(("labels", try EngineClient.jsonText(labels))) }
        if let target { query.append(("target", target)) }
        if let platform { query.append(("platform", platform)) }
        if let networkMode { query.append(("networkmode", networkMode)) }
        if noCache { query.append(("nocache", "1")) }
        if pull, !usesBuildKit || session != nil { query.append(("pull", "1")) }
        if usesBuildKit {
            query.append(("version", "2"))
            if let session { query.append(("session", session.id)) }
        } else {
            if let memoryBytes {
                query.append(("memory", String(memoryBytes)))
                query.append(("memswap", String(memoryBytes)))
            }
        }
        return query
    }
}

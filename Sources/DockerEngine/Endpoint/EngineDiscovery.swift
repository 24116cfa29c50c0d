extension EngineEndpoint {
    /// Where an engine may be, in the order in which to try.
    ///
    /// What a user named (`explicit`, `DOCKER_HOST`, a docker context) is the only candidate: another engine is never
    /// used behind their back. Without any, the usual sockets of Docker and then of Podman are returned, whether they
    /// exist or not: see `EngineClient.firstReachable`.
    ///
    /// Throws when the named address cannot be used, for example a context that points to `ssh://`.
    package static func discover(
        explicit: String?, environment: [String: String], uid: UInt32
    ) throws(EngineError) -> [EngineEndpoint] {
        if let explicit, !explicit.isEmpty { return [try parse(explicit)] }
        if let host = environment.nonEmpty("DOCKER_HOST") {
            let endpoint = try parse(host)
            if case .tcp = endpoint.transport, environment.nonEmpty("DOCKER_TLS_VERIFY") != nil {
                throw .unsupported(
                    "DOCKER_HOST=\(host) with DOCKER_TLS_VERIFY: TLS engines are not supported; "
                        + "forward the engine's socket with ssh")
            }
            return [endpoint]
        }
        if let context = try DockerContext.selected(environment: environment) {
            return [try context.endpoint()]
        }
        return usualSockets(environment: environment, uid: uid)
    }

    private static func usualSockets(environment: [String: String], uid: UInt32) -> [EngineEndpoint] {
        let runtime = environment.nonEmpty("XDG_RUNTIME_DIR")
        let home = environment.nonEmpty("HOME")
        var paths: [String?] = [
            "/var/run/docker.sock",
            runtime.map { "\($0)/docker.sock" },
            home.map { "\($0)/.docker/run/docker.sock" },
            home.map { "\($0)/.docker/desktop/docker.sock" },
            "/run/user/\(uid)/docker.sock",
        ]
        // An address that is no socket of ours to open (ssh) is one engine fewer to try, no error.
        if let podman = environment.nonEmpty("CONTAINER_HOST"), let endpoint = try? parse(podman),
            case .unix(let path) = endpoint.transport
        {
            paths.append(path)
        }
        paths += [
            runtime.map { "\($0)/podman/podman.sock" },
            "/run/user/\(uid)/podman/podman.sock",
            "/run/podman/podman.sock",
            home.map { "\($0)/.orbstack/run/docker.sock" },
            home.map { "\($0)/.rd/docker.sock" },
            home.map { "\($0)/.lima/docker/sock/docker.sock" },
            home.map { "\($0)/.colima/default/docker.sock" },
            home.map { "\($0)/.local/share/containers/podman/machine/podman.sock" },
        ]
        var seen: Set<String> = []
        return paths.compactMap { path in
            guard let path, path.utf8.count <= maxSocketPathBytes, seen.insert(path).inserted else { return nil }
            return EngineEndpoint(transport: .unix(path: path))
        }
    }
}

extension [String: String] {
    /// The value of a variable; an empty one counts as not set, as the docker command has it.
    func nonEmpty(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }
}

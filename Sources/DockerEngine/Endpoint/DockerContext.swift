import FoundationEssentials

/// A named endpoint of the docker command, from its store in `$DOCKER_CONFIG` or `~/.docker`.
///
/// The store is described at <https://docs.docker.com/engine/manage-resources/contexts/>.
struct DockerContext {
    /// The largest `config.json` or `meta.json` looked into.
    static let maxFileBytes = 1 << 20
    /// The most contexts looked at while searching for one by name.
    static let maxContexts = 1000

    let name: String
    let host: String
    let hasTLS: Bool

    /// The context that `DOCKER_CONTEXT` or `currentContext` names; nil for none and for `default`.
    ///
    /// Throws when one is named and missing: silently using another engine would be worse.
    static func selected(environment: [String: String]) throws(EngineError) -> DockerContext? {
        guard
            let directory = environment.nonEmpty("DOCKER_CONFIG")
                ?? environment.nonEmpty("HOME").map({ "\($0)/.docker" })
        else { return nil }
        guard let name = environment.nonEmpty("DOCKER_CONTEXT") ?? currentName(in: directory), name != "default" else {
            return nil
        }
        guard let context = find(name, in: directory) else {
            throw .unsupported("docker context \"\(name)\" is selected, but \(directory)/contexts has no such context")
        }
        return context
    }

    func endpoint() throws(EngineError) -> EngineEndpoint {
        do throws(EngineError) {
            let endpoint = try EngineEndpoint.parse(host)
            if case .tcp = endpoint.transport, hasTLS {
                throw EngineError.unsupported("TLS engines are not supported; forward the engine's socket with ssh")
            }
            return endpoint
        } catch {
            throw .unsupported("docker context \"\(name)\": \(error.message)")
        }
    }

    private struct Config: Decodable {
        let currentContext: String?
    }

    private struct Metadata: Decodable {
        struct Endpoint: Decodable {
            enum CodingKeys: String, CodingKey { case host = "Host" }

            let host: String?
        }

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case endpoints = "Endpoints"
        }

        let name: String
        let endpoints: [String: Endpoint]
    }

    private static func currentName(in directory: String) -> String? {
        guard let data = read("\(directory)/config.json"),
            // A config.json of another shape is the docker command's to complain about.
            let config = try? JSONDecoder().decode(Config.self, from: data),
            let name = config.currentContext, !name.isEmpty
        else { return nil }
        return name
    }

    /// Looks into every context, because the directory's name is a hash of the context's.
    private static func find(_ name: String, in directory: String) -> DockerContext? {
        let store = "\(directory)/contexts"
        // No store is the normal case: the caller reports the missing context.
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: "\(store)/meta") else { return nil }
        for entry in entries.sorted().prefix(maxContexts) {
            guard let data = read("\(store)/meta/\(entry)/meta.json"),
                let metadata = try? JSONDecoder().decode(Metadata.self, from: data),
                metadata.name == name, let host = metadata.endpoints["docker"]?.host, !host.isEmpty
            else { continue }
            let tls = FileManager.default.fileExists(atPath: "\(store)/tls/\(entry)/docker")
            return DockerContext(name: name, host: host, hasTLS: tls)
        }
        return nil
    }

    private static func read(_ path: String) -> Data? {
        // A file that cannot be read is treated as absent, as the docker command does.
        guard let data = FileManager.default.contents(atPath: path), data.count <= maxFileBytes else { return nil }
        return data
    }
}

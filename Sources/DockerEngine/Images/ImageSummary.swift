/// An image of the engine, as `inspect` and the list show it.
package struct ImageSummary: Sendable, Hashable {
    /// `sha256:...`.
    package let id: String
    /// References such as `web:1`, which Podman makes complete; empty for a dangling image.
    package let tags: [String]
    package let labels: [String: String]
    package let sizeBytes: Int64
    /// Seconds since 1970; 0 when unknown.
    package let created: Int64
    /// `3000/tcp`; only known by `inspectImage`.
    package let exposedPorts: [String]
    /// `linux/amd64`; only known by `inspectImage`.
    package let platform: String?
}

extension ImageSummary: Decodable {
    private struct Config: Decodable {
        struct Nothing: Decodable {}

        enum CodingKeys: String, CodingKey {
            case labels = "Labels"
            case exposedPorts = "ExposedPorts"
        }

        let labels: [String: String]?
        let exposedPorts: [String: Nothing]?
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case tags = "RepoTags"
        case labels = "Labels"
        case size = "Size"
        case created = "Created"
        case config = "Config"
        case os = "Os"
        case architecture = "Architecture"
    }

    package init(from decoder: any Decoder) throws {
        let answer = try decoder.container(keyedBy: CodingKeys.self)
        let config = try answer.decodeIfPresent(Config.self, forKey: .config)
        id = try answer.decode(String.self, forKey: .id)
        tags = (try answer.decodeIfPresent([String].self, forKey: .tags) ?? []).filter { $0 != "<none>:<none>" }
        labels = try config?.labels ?? answer.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        sizeBytes = try answer.decodeIfPresent(Int64.self, forKey: .size) ?? 0
        exposedPorts = (config?.exposedPorts ?? [:]).keys.sorted()
        // Seconds in the list, a date in `inspect`.
        if let seconds = try? answer.decodeIfPresent(Int64.self, forKey: .created) {
            created = seconds
        } else {
            let text = try answer.decodeIfPresent(String.self, forKey: .created) ?? ""
            created = (EngineTimestamp(rfc3339: text)?.nanoseconds ?? 0) / 1_000_000_000
        }
        let os = try answer.decodeIfPresent(String.self, forKey: .os)
        let architecture = try answer.decodeIfPresent(String.self, forKey: .architecture)
        platform = os.flatMap { os in architecture.map { "\(os)/\($0)" } }
    }
}

import GitHubSource
import RunnerConfig

/// A start request that has been checked as far as is possible without network, engine or reading the source.
struct StartPlan: Sendable {
    enum Source: Sendable {
        case github(RepositoryLocation)
        /// The agent's catalog knows.
        case catalog(EntityReference)
        case directory(String)
    }

    static let defaultConfigPath = ".runner/config.yml"

    var componentRef: String
    var source: Source
    /// What `Instance.source` says until more is known.
    var described: InstanceSource
    /// Nil when neither the request nor the configuration says; the catalog may.
    var configPath: String?
    var request: StartRequest
    var timeout: Duration

    /// Finds out which component and which source are meant.
    ///
    /// Throws what `runner.start` answers before any instance exists: `INVALID_REQUEST`, `NOT_ENABLED`,
    /// `INVALID_LOCATION`, `INVALID_ENTITY_REF`, `UNSUPPORTED_HOST`, `SOURCE_UNKNOWN`.
    init(_ request: StartRequest, agent: AgentConfig, github: GitHubClient, limits: Limits) throws(Failure) {
        self.request = request
        timeout = request.timeout ?? limits.startTimeout
        var reference: EntityReference?
        var configPath = request.configPath
        var source = request.source
        do {
            if let json = request.entityJSON {
                let entity = try CatalogEntity(json: json)
                try entity.requireEnabled()
                reference = entity.reference
                configPath = configPath ?? entity.configPath
                if source == nil { source = .location(try entity.requireLocation(), ref: nil) }
            }
            if let text = request.componentRef {
                let named = try EntityReference(parsing: text)
                if let reference, reference.canonical != named.canonical {
                    throw Failure(
                        .invalidRequest, "componentRef \(named) and entity \(reference) are not the same component",
                        hint: "send one of the two")
                }
                reference = named
                if source == nil, let known = agent.components[named.canonical] {
                    switch known.place {
                    case .location(let text, let ref): source = .location(text, ref: ref)
                    case .directory(let path): source = .directory(path)
                    }
                    configPath = configPath ?? known.configPath
                }
            }
            if let source {
                (self.source, described) = try Self.locate(source, github: github)
            } else if let reference, agent.catalog != nil {
                self.source = .catalog(reference)
                // Nothing is known yet but that it will be a repository.
                described = .github(location: "", repository: "", ref: "", commit: nil, directory: "")
            } else {
                throw Self.sourceUnknown(reference)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(mapping: error)
        }
        componentRef = reference?.canonical ?? Self.inventedReference(self.source)
        self.configPath = configPath
        try Self.checkPorts(request.ports)
    }

    private static func locate(_ source: StartRequest.Source, github: GitHubClient) throws -> (Source, InstanceSource) {
        switch source {
        case .location(let text, let ref):
            let location = try github.locate(text, ref: ref)
            let described = InstanceSource.github(
                location: text, repository: "\(location.owner)/\(location.repository)", ref: location.ref ?? "",
                commit: nil, directory: location.directory)
            return (.github(location), described)
        case .directory(let path):
            guard path.hasPrefix("/"), !path.utf8.contains(0) else {
                throw Failure(
                    .invalidRequest, "source.path must be absolute, not \(path)",
                    hint: "give the directory's path from the root"
                ).adding("path", "/source/path")
            }
            return (.directory(path), .directory(path: path))
        }
    }

    private static func sourceUnknown(_ reference: EntityReference?) -> Failure {
        guard let reference else {
            return Failure(
                .invalidRequest, "nothing says which component to start",
                hint: "give source.location, source.path, entity or componentRef")
        }
        return Failure(
            .sourceUnknown, "where the source of \(reference) is, is not known here",
            hint:
                "give source.location or entity, map it under `components:` in the agent's configuration, or name a catalog there"
        )
    }

    /// `component:default/<last path segment, made valid>`.
    private static func inventedReference(_ source: Source) -> String {
        let path: String
        switch source {
        case .github(let location): path = location.directory.isEmpty ? location.repository : location.directory
        case .directory(let directory): path = directory
        case .catalog(let reference): path = reference.name
        }
        let last = path.split(separator: "/").last.map(String.init) ?? "component"
        var name = ""
        for character in last.lowercased().unicodeScalars {
            let valid = character.isASCII && (character.properties.isAlphabetic || ("0"..."9").contains(character))
            if valid {
                name.unicodeScalars.append(character)
            } else if !name.isEmpty, name.last != "-" {
                name.append("-")
            }
        }
        while name.last == "-" { name.removeLast() }
        return "component:default/" + (name.isEmpty ? "component" : String(name.prefix(63)))
    }

    private static func checkPorts(_ texts: [String]?) throws(Failure) {
        for (index, text) in (texts ?? []).enumerated() where PortSpec.parse(text) == nil {
            throw Failure(
                .invalidRequest, "\"\(text)\" is no port: give 3000, \"8080:3000\", \"auto:3000\" or \"8000-8003\"",
                hint: "ports are 1 to 65535"
            ).adding("path", "/ports/\(index)")
        }
    }
}

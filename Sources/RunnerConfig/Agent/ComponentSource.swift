/// Where a component's source is, for components that no catalog is asked about.
package struct ComponentSource: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        /// A repository's URL, as in a `source-location` annotation, and a ref that overrides its own.
        case location(String, ref: String?)
        /// An absolute directory on the agent's machine.
        case directory(String)
    }

    package var place: Place
    package var configPath: String?

    package init(place: Place, configPath: String? = nil) {
        self.place = place
        self.configPath = configPath
    }

    static func read(_ field: ConfigField) -> ComponentSource? {
        guard let mapping = field.mapping(["location", "ref", "path", "configPath"]) else { return nil }
        let configPath = mapping["configPath"]?.text("a path", RepositoryPath.parse)
        let ref = mapping["ref"]?.text("a branch, tag or commit", notEmpty)
        switch mapping.oneOf(["location", "path"]) {
        case nil:
            field.fail("needs a location, as in location: \"url:https://github.com/owner/name/tree/main/\", or a path")
            return nil
        case ("path", let path)?:
            mapping["ref"]?.fail("cannot be given together with path")
            guard let directory = path.text("a directory", AbsolutePath.parse) else { return nil }
            return ComponentSource(place: .directory(directory), configPath: configPath)
        case (_, let location)?:
            guard let text = location.text("a URL", notEmpty) else { return nil }
            return ComponentSource(place: .location(text, ref: ref), configPath: configPath)
        }
    }

    private static func notEmpty(_ text: String) throws(ConfigValueError) -> String {
        guard !text.isEmpty else { throw ConfigValueError("must not be empty") }
        return text
    }
}

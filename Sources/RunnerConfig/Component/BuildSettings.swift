/// How a component's image is built.
package struct BuildSettings: Sendable, Hashable {
    /// Relative like ``ComponentConfig/dockerfile``.
    package var context = "."
    package var args: [EnvironmentEntry] = []
    /// The stage to build; nil is the last one.
    package var target: String?
    /// Ids of secrets that the build may mount; their values come from elsewhere.
    package var secrets: [String] = []
    package var labels: [EnvironmentEntry] = []
    /// `os/architecture[/variant]`; nil is the engine's own.
    package var platform: String?
    package var noCache = false
    /// Asks the registry for a newer base image.
    package var pull = false
    package var timeout = Duration.seconds(15 * 60)
    package var memoryBytes: Int64?

    package init() {}

    static func read(_ field: ConfigField) -> BuildSettings? {
        let keys = [
            "context", "args", "target", "secrets", "labels", "platform", "noCache", "pull", "timeout", "memory",
        ]
        guard let mapping = field.mapping(keys) else { return nil }
        var build = BuildSettings()
        if let value = mapping["context"]?.text("a path", RepositoryPath.parse) { build.context = value }
        if let field = mapping["args"] {
            build.args = EnvironmentMap.read(field, name: EnvironmentMap.checkVariable) ?? []
        }
        build.target = mapping["target"]?.text("the name of a stage", BuildNames.parseTarget)
        if let field = mapping["secrets"] { build.secrets = BuildNames.secrets(field) }
        if let field = mapping["labels"] {
            build.labels = EnvironmentMap.read(field, name: EnvironmentMap.checkLabel) ?? []
        }
        build.platform = mapping["platform"]?.text("a platform such as linux/amd64", BuildNames.parsePlatform)
        if let value = mapping["noCache"]?.bool() { build.noCache = value }
        if let value = mapping["pull"]?.bool() { build.pull = value }
        if let value = mapping["timeout"]?.duration(in: .seconds(1) ... .seconds(86_400)) { build.timeout = value }
        build.memoryBytes = mapping["memory"]?.byteSize(in: ResourceSettings.memoryRange)
        return build
    }
}

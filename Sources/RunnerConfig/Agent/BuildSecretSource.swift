/// Where the value of a build secret comes from.
package enum BuildSecretSource: Sendable, Hashable {
    /// An absolute path; the secret is the whole file.
    case file(path: String)
    /// The name of a variable in the agent's environment.
    case environment(name: String)

    static func read(_ field: ConfigField) -> BuildSecretSource? {
        guard let mapping = field.mapping(["file", "env"]) else { return nil }
        guard let (key, source) = mapping.oneOf(["file", "env"]) else {
            field.fail("needs a file or an env, as in {file: /run/secrets/npm}")
            return nil
        }
        if key == "file" { return source.text("a path", AbsolutePath.parse).map(BuildSecretSource.file) }
        return source.variableName().map(BuildSecretSource.environment)
    }
}

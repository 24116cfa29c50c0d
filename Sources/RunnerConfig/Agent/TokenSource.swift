/// Where a token comes from.
package enum TokenSource: Sendable, Hashable {
    case value(Secret)
    /// An absolute path; the file's first line is the token.
    case file(path: String)
    /// The name of a variable in the agent's environment.
    case environment(name: String)

    static let keys = ["token", "tokenFile", "tokenEnv"]

    /// Reads the one of ``keys`` that is given.
    ///
    /// No message repeats the value.
    static func read(_ mapping: ConfigMapping) -> TokenSource? {
        guard let (key, field) = mapping.oneOf(keys) else { return nil }
        switch key {
        case "token":
            guard let token = field.string("a string") else { return nil }
            guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                field.fail("must be a token: visible ASCII characters, without spaces")
                return nil
            }
            return .value(Secret(token))
        case "tokenFile": return field.text("a path", AbsolutePath.parse).map(TokenSource.file)
        default: return field.variableName().map(TokenSource.environment)
        }
    }
}

extension ConfigField {
    /// The name of a variable of the agent's own environment.
    func variableName() -> String? {
        text("the name of a variable") { text throws(ConfigValueError) in
            // A token may have been put here: the message does not repeat it.
            do { try EnvironmentMap.checkVariable(text) } catch {
                throw ConfigValueError("must be the name of an environment variable: letters, digits and _")
            }
            return text
        }
    }
}

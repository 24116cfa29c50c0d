/// A path on the agent's machine.
enum AbsolutePath {
    /// The message does not repeat the text: a token may have been put at the key of its file.
    static func parse(_ text: String) throws(ConfigValueError) -> String {
        guard text.hasPrefix("/"), text.utf8.count <= RepositoryPath.limit else {
            throw ConfigValueError("must be an absolute path: one that begins with /")
        }
        return text
    }
}

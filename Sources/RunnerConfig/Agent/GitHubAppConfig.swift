/// The identity and the key of a GitHub App: https://docs.github.com/apps/creating-github-apps.
package struct GitHubAppConfig: Sendable, Hashable {
    /// The app's number or its client id.
    package var id: String
    /// An absolute path of the PEM file that GitHub gave for the app.
    package var privateKeyFile: String

    package init(id: String, privateKeyFile: String) {
        self.id = id
        self.privateKeyFile = privateKeyFile
    }

    static func read(_ field: ConfigField) -> GitHubAppConfig? {
        guard let mapping = field.mapping(["id", "privateKeyFile"]) else { return nil }
        let id = mapping.required("id", "the app's number or client id")?.textOrNumber("an id", parseID)
        let file = mapping.required("privateKeyFile", "as in /etc/runner-agent/app.pem")?.text(
            "a path", AbsolutePath.parse)
        guard let id, let file else { return nil }
        return GitHubAppConfig(id: id, privateKeyFile: file)
    }

    /// The message does not repeat the text: a key may have been put here.
    private static func parseID(_ text: String) throws(ConfigValueError) -> String {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0.isASCIIAlphanumeric || ".-_".utf8.contains($0) })
        else {
            throw ConfigValueError("is not the id of an app; accepted: a number, or a client id such as Iv1.0123abcd")
        }
        return text
    }
}

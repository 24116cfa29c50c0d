import FoundationEssentials

/// Credentials for a registry; they show themselves to nobody.
package struct RegistryAuth: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// Empty when there is only an identity token.
    package let username: String
    let password: String
    let serverAddress: String
    /// What some registries give for a password once and take instead of it from then on.
    let identityToken: String?

    /// `serverAddress` is `host[:port]`; Docker Hub's is `https://index.docker.io/v1/`.
    package init(username: String, password: String, serverAddress: String, identityToken: String? = nil) {
        self.username = username
        self.password = password
        self.serverAddress = serverAddress
        self.identityToken = identityToken
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }

    private struct Wire: Encodable {
        enum CodingKeys: String, CodingKey {
            case username, password
            case serverAddress = "serveraddress"
            case identityToken = "identitytoken"
        }

        let username: String
        let password: String
        let serverAddress: String?
        let identityToken: String?
    }

    private func wire(serverAddress: String?) -> Wire {
        Wire(username: username, password: password, serverAddress: serverAddress, identityToken: identityToken)
    }

    /// `X-Registry-Auth` of a pull.
    func pullHeader() throws -> String {
        Self.base64URL(try EngineClient.json(wire(serverAddress: serverAddress)))
    }

    /// `X-Registry-Config` of a build: credentials by server.
    static func buildHeader(_ credentials: [RegistryAuth]) throws -> String {
        let wires = credentials.map { ($0.serverAddress, $0.wire(serverAddress: nil)) }
        return base64URL(try EngineClient.json(Dictionary(wires) { _, last in last }))
    }

    /// The alphabet matters: Docker silently ignores a header with `+` or `/` in it.
    private static func base64URL(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().map { character in
                switch character {
                case "+": "-"
                case "/": "_"
                default: character
                }
            })
    }
}

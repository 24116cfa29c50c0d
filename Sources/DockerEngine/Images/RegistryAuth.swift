import FoundationEssentials

/// Credentials for a registry; they show themselves to nobody.
package struct RegistryAuth: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    let username: String
    let password: String
    let serverAddress: String

    /// `serverAddress` is `host[:port]`; Docker Hub's is `https://index.docker.io/v1/`.
    package init(username: String, password: String, serverAddress: String) {
        self.username = username
        self.password = password
        self.serverAddress = serverAddress
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }

    private struct Wire: Encodable {
        enum CodingKeys: String, CodingKey {
            case username, password
            case serverAddress = "serveraddress"
        }

        let username: String
        let password: String
        let serverAddress: String?
    }

    /// `X-Registry-Auth` of a pull.
    func pullHeader() throws -> String {
        let wire = Wire(username: username, password: password, serverAddress: serverAddress)
        return Self.base64URL(try EngineClient.json(wire))
    }

    /// `X-Registry-Config` of a build: credentials by server.
    static func buildHeader(_ credentials: [RegistryAuth]) throws -> String {
        let wires = credentials.map { auth in
            (auth.serverAddress, Wire(username: auth.username, password: auth.password, serverAddress: nil))
        }
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

import FoundationEssentials

/// The logins in Docker's `config.json`: passwords, and the helpers that know them.
///
/// The file: <https://docs.docker.com/reference/cli/docker/login/>.
struct DockerConfigFile {
    /// The largest file read.
    static let maxBytes = 1 << 20

    struct Entry: Decodable {
        let auth: String?
        let username: String?
        let password: String?
        let identitytoken: String?
    }

    private struct Contents: Decodable {
        let auths: [String: Entry]?
        let credHelpers: [String: String]?
        let credsStore: String?
    }

    let path: String
    private let entries: [RegistryHost: Entry]
    private let helpers: [RegistryHost: String]
    private let store: String?

    /// A file that is not there holds no logins; one that cannot be read is told.
    init(path: String) throws(RegistryLoginProblem) {
        self.path = path
        let contents: Contents?
        if FileManager.default.fileExists(atPath: path) {
            contents = try Self.read(path)
        } else {
            contents = nil
        }
        // Of two spellings of one registry the plain one is what `docker login` writes today.
        let auths = (contents?.auths ?? [:]).sorted { $0.key.count > $1.key.count }
        entries = Dictionary(auths.map { (RegistryHost($0.key), $0.value) }) { _, last in last }
        let named = (contents?.credHelpers ?? [:]).sorted { $0.key.count > $1.key.count }
        helpers = Dictionary(named.map { (RegistryHost($0.key), $0.value) }) { _, last in last }
        store = contents?.credsStore.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func read(_ path: String) throws(RegistryLoginProblem) -> Contents {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RegistryLoginProblem("\(path) cannot be read")
        }
        guard data.count <= maxBytes else { throw RegistryLoginProblem("\(path) is larger than \(maxBytes) bytes") }
        do {
            return try JSONDecoder().decode(Contents.self, from: data)
        } catch {
            // Without the decoder's own words: they may quote the file.
            throw RegistryLoginProblem("\(path) is no configuration of Docker's")
        }
    }

    /// The name of the program that knows a registry's login: `pass` of `docker-credential-pass`.
    func helper(for host: RegistryHost) -> String? { helpers[host] ?? store }

    /// A login that is in the file itself.
    func login(for host: RegistryHost) throws(RegistryLoginProblem) -> RegistryAuth? {
        guard let entry = entries[host] else { return nil }
        var (username, password) = (entry.username ?? "", entry.password ?? "")
        if let auth = entry.auth, !auth.isEmpty {
            guard let data = Data(base64Encoded: auth),
                case let text = String(decoding: data, as: UTF8.self), let colon = text.firstIndex(of: ":")
            else { throw RegistryLoginProblem("the login for \(host) in \(path) is no base64 of user:password") }
            username = String(text[..<colon])
            // Docker has written zeros after it once.
            password = String(text[text.index(after: colon)...].prefix { $0 != "\0" })
        }
        let token = entry.identitytoken.flatMap { $0.isEmpty ? nil : $0 }
        guard token != nil || !username.isEmpty else { return nil }
        return RegistryAuth(
            username: username, password: password, serverAddress: host.serverAddress, identityToken: token)
    }
}

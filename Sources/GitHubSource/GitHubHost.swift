import HTTPTransport
import RunnerConfig

/// One configured GitHub: where its API is and where its archives may come from.
struct GitHubHost: Sendable {
    /// As locations name it: lower case, with a port where that is not https's own.
    let name: String
    let api: WebAddress
    /// Hosts, with their ports where unusual, that an archive's redirect may lead to.
    let archiveHosts: Set<String>
    let tokenSource: TokenSource?
    let app: GitHubAppConfig?
    let caFile: String?
    /// Plain http is configured.
    ///
    /// It is used for loopback addresses alone.
    let allowsHTTP: Bool

    static let publicName = "github.com"

    /// Throws `UNSUPPORTED_HOST` when the entry cannot be used.
    init(_ config: GitHubHostConfig) throws(SourceError) {
        name = Self.name(of: config)
        allowsHTTP = config.allowHTTP
        tokenSource = config.tokenSource
        app = config.app
        caFile = config.caFile
        guard let api = WebAddress(config.apiBaseURL), !api.hasUserInfo, api.query == nil else {
            throw Self.unusable(name, "its apiBaseUrl is not a plain web address")
        }
        guard Self.isSpeakable(api, allowsHTTP: config.allowHTTP) else {
            throw Self.unusable(name, "its apiBaseUrl is not https (http needs allowHttp and a loopback address)")
        }
        self.api = api
        archiveHosts = Set(config.archiveHosts.map(Self.authority))
    }

    /// How locations name the host of an entry.
    static func name(of config: GitHubHostConfig) -> String { authority(config.host) }

    /// The address of an API path, which begins with `/` and is percent-encoded.
    func address(_ path: String) -> String {
        (api.text.utf8.last == UInt8(ascii: "/") ? String(api.text.dropLast()) : api.text) + path
    }

    /// Whether the token may be sent there: the API's own origin, below its base path.
    func isAPI(_ address: WebAddress) -> Bool {
        // Dot segments would lead out of the base path after the comparison.
        guard address.hasSameOrigin(as: api), !address.hasUserInfo, !address.path.pathParts.contains(".."),
            address.path.lowercased().byteRange(of: "%2e") == nil
        else { return false }
        let base = api.path.utf8.last == UInt8(ascii: "/") ? String(api.path.dropLast()) : api.path
        return base.isEmpty || address.path == base || address.path.hasPrefix(base + "/")
    }

    /// Whether an archive may be downloaded from there, without the token.
    func allowsArchive(from address: WebAddress) -> Bool {
        !address.hasUserInfo && archiveHosts.contains(address.authority)
            && Self.isSpeakable(address, allowsHTTP: allowsHTTP)
    }

    private static func isSpeakable(_ address: WebAddress, allowsHTTP: Bool) -> Bool {
        address.scheme == "https" || (allowsHTTP && address.isLoopback)
    }

    /// Lower case, and without https's own port.
    private static func authority(_ host: String) -> String {
        WebAddress("https://\(host)")?.authority ?? host.lowercased()
    }

    private static func unusable(_ name: String, _ reason: String) -> SourceError {
        SourceError(
            SourceError.Code.unsupportedHost, "The host \(SafeText.plain(name)) is configured, but \(reason)",
            hint: "Mend its entry below `github` in the agent's configuration.")
    }
}

/// The URL that an API's paths are appended to: scheme, host and path, and no trailing slash.
struct BaseURL: Hashable {
    var isSecure: Bool
    var host: HostName
    /// Empty, or beginning with `/`.
    var path: String

    var text: String { "\(isSecure ? "https" : "http")://\(host.text)\(path)" }

    /// The message does not repeat the text, which may hold a password.
    static func parse(_ text: String) throws(ConfigValueError) -> BaseURL {
        let failure = ConfigValueError(
            "is not a base URL; accepted: https://host[:port][/path] without user, query or #")
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { throw failure }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        var path = rest[authority.endIndex...]
        while path.hasSuffix("/") { path.removeLast() }
        guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"?#\\\"<>^`{|}".utf8.contains($0) }) else {
            throw failure
        }
        let host: HostName
        do { host = try HostName.parse(String(authority)) } catch { throw failure }
        return BaseURL(isSecure: scheme == "https://", host: host, path: String(path))
    }
}

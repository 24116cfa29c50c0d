/// Says which proxy the environment names, for the hint of a request that did not get through.
///
/// libcurl chooses it, as described at <https://everything.curl.dev/usingcurl/proxies/env.html>: whether `no_proxy`
/// exempts a host is not worked out here.
struct ProxyNote: Sendable {
    let environment: [String: String]

    /// Nil when no proxy is named.
    ///
    /// The proxy's user and password are never part of it.
    func sentence(for address: WebAddress) -> String? {
        // libcurl reads http_proxy in lower case alone: the other one can be set by a web server's clients.
        let names =
            address.scheme == "https"
            ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] : ["http_proxy", "all_proxy", "ALL_PROXY"]
        guard let name = names.first(where: { environment[$0]?.isEmpty == false }), let text = environment[name] else {
            return nil
        }
        let exempted = ["no_proxy", "NO_PROXY"].contains { environment[$0]?.isEmpty == false }
        return
            "Requests go through the proxy \(Self.shown(text)) (\(name))\(exempted ? " unless no_proxy exempts the host." : ".")"
    }

    private static func shown(_ text: String) -> String {
        var rest = text[...]
        if let scheme = rest.byteRange(of: "://") { rest = rest[scheme.upperBound...] }
        if let at = rest.utf8.lastIndex(of: UInt8(ascii: "@")) { rest = rest[rest.utf8.index(after: at)...] }
        return SafeText.plain(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
    }
}

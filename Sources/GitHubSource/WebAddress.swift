/// An `http` or `https` URL taken apart, so that hosts are compared as parts and never as prefixes of a string.
///
/// Anything a lenient parser and a strict one could read differently is refused: control characters, backslashes, hosts
/// outside ASCII, empty labels, a trailing dot.
struct WebAddress: Sendable, Hashable {
    let scheme: String
    /// `user:password@` was present.
    ///
    /// It is not kept.
    let hasUserInfo: Bool
    /// Lower case; an IPv6 address with its brackets.
    let host: String
    /// Nil for the scheme's own port.
    let port: Int?
    /// As written, percent-encoding included; empty or beginning with `/`.
    let path: String
    let query: String?

    init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }),
            let separator = text.byteRange(of: "://")
        else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }

        let fragment = text.utf8.firstIndex(of: UInt8(ascii: "#")) ?? text.endIndex
        guard fragment >= separator.upperBound else { return nil }
        let rest = text[separator.upperBound..<fragment]
        let targetStart = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        var authority = rest[..<targetStart]
        if let at = authority.utf8.lastIndex(of: UInt8(ascii: "@")) {
            hasUserInfo = true
            authority = authority[authority.utf8.index(after: at)...]
        } else {
            hasUserInfo = false
        }
        guard let (host, port) = Self.hostAndPort(authority.lowercased()) else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port == Self.defaultPort(of: scheme) ? nil : port

        let target = rest[targetStart...]
        let queryStart = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        path = String(target[..<(queryStart ?? target.endIndex)])
        query = queryStart.map { String(target[target.utf8.index(after: $0)...]) }
    }

    /// The host, with its port where that is not the scheme's own.
    ///
    /// This is what configured hosts are compared with.
    var authority: String { port.map { "\(host):\($0)" } ?? host }

    var text: String { "\(scheme)://\(authority)\(path)" + (query.map { "?" + $0 } ?? "") }

    /// The only hosts that plain http may be spoken to.
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    func hasSameOrigin(as other: WebAddress) -> Bool { scheme == other.scheme && authority == other.authority }

    /// What a `Location` header means when this address answered with it; nil when it is not a plain web address.
    func resolving(location: String) -> WebAddress? {
        guard location.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        if location.hasPrefix("//") { return WebAddress("\(scheme):\(location)") }
        if location.hasPrefix("/") { return WebAddress("\(scheme)://\(authority)\(location)") }
        return WebAddress(location)
    }

    private static func defaultPort(of scheme: String) -> Int { scheme == "https" ? 443 : 80 }

    private static func hostAndPort(_ authority: String) -> (host: String, port: Int?)? {
        var host = authority[...]
        var port: Int?
        // A colon inside brackets belongs to an IPv6 address.
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            let digits = authority[authority.index(after: colon)...]
            host = authority[..<colon]
            if !digits.isEmpty {
                guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits), number > 0
                else {
                    return nil
                }
                port = Int(number)
            }
        }
        return isHost(host) ? (String(host), port) : nil
    }

    private static func isHost(_ host: Substring) -> Bool {
        if host.hasPrefix("[") {
            return host.hasSuffix("]") && host.count > 2
                && host.dropFirst().dropLast().utf8.allSatisfy { $0 == UInt8(ascii: ":") || isHexDigit($0) }
        }
        return host.utf8.count <= 253
            && host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { isASCIILetterOrDigit($0) || $0 == UInt8(ascii: "-") }
            }
    }
}

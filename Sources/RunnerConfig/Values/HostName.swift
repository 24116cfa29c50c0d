/// A host with an optional port, in lower case: `github.com`, `127.0.0.1:8080`, `[::1]:8080`.
struct HostName: Hashable {
    /// Without the port; an IPv6 address in brackets.
    var host: String
    var port: Int?

    var text: String { port.map { "\(host):\($0)" } ?? host }

    /// Whether it can only be this machine.
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        return IPAddress.isVersion4(host) && host.hasPrefix("127.")
    }

    /// The message does not repeat the text, which may hold a password.
    static func parse(_ text: String) throws(ConfigValueError) -> HostName {
        let lower = text.lowercased()
        let failure = ConfigValueError(
            "is not a host; accepted: a name or an address, with or without :port")
        let bracket = lower.hasPrefix("[") ? lower.firstIndex(of: "]") : nil
        let end = bracket.map(lower.index(after:)) ?? lower.firstIndex(of: ":") ?? lower.endIndex
        let host = String(lower[..<end])
        let isAddress = bracket != nil && IPAddress.isVersion6(host.dropFirst().dropLast())
        guard isAddress || isName(host) else { throw failure }
        guard end < lower.endIndex else { return HostName(host: host) }
        let digits = lower[lower.index(after: end)...]
        guard lower[end] == ":", !digits.isEmpty, digits.utf8.allSatisfy(\.isASCIIDigit), let port = Int(digits),
            (1...65535).contains(port)
        else { throw failure }
        return HostName(host: host, port: port)
    }

    /// Letters, digits and hyphens in labels; an IPv4 address is one too, but no other all-digit name.
    static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let fits = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
        }
        guard fits, text.utf8.count <= 253, let last = labels.last else { return false }
        return !last.utf8.allSatisfy(\.isASCIIDigit) || IPAddress.isVersion4(text)
    }
}

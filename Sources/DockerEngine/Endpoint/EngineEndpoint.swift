/// Where a container engine listens: a unix socket or an unencrypted TCP port.
package struct EngineEndpoint: Sendable, Hashable, CustomStringConvertible {
    package enum Transport: Sendable, Hashable {
        case unix(path: String)
        case tcp(host: String, port: Int)
    }

    /// The longest path `sockaddr_un` takes on Linux, without its terminating zero.
    static let maxSocketPathBytes = 107
    static let defaultPort = 2375

    package let transport: Transport

    package init(transport: Transport) {
        self.transport = transport
    }

    package var description: String {
        switch transport {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(Self.bracketed(host)):\(port)"
        }
    }

    /// The URL that request paths are appended to.
    ///
    /// A unix socket needs some host name in it; the engine ignores which.
    var baseURL: String {
        switch transport {
        case .unix: "http://d"
        case .tcp(let host, let port): "http://\(Self.bracketed(host)):\(port)"
        }
    }

    /// Reads `unix:///path`, `/path`, `tcp://host[:port]` or `http://host[:port]`.
    ///
    /// Throws `EngineError.Kind.unsupported` for every other form, naming what to use instead.
    package static func parse(_ url: String) throws(EngineError) -> EngineEndpoint {
        let text = url.trimmed
        guard !text.isEmpty else { throw .unsupported("the engine address is empty") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw .unsupported("the engine address has a space or control character")
        }
        if text.hasPrefix("/") { return try unixSocket(text, in: text) }
        guard let colon = text.firstRange(of: "://") else {
            throw .unsupported("engine address \"\(text)\" has no scheme: use unix:///path/to.sock or tcp://host:port")
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        let rest = String(text[colon.upperBound...])
        switch scheme {
        case "unix": return try unixSocket(rest, in: text)
        case "tcp", "http": return try tcp(rest, in: text)
        case "https":
            throw .unsupported("engine address \"\(text)\": TLS engines are not supported; forward the socket with ssh")
        case "ssh":
            throw .unsupported(
                "engine address \"\(text)\": ssh is not supported; forward the socket with "
                    + "ssh -N -L /path/local.sock:/var/run/docker.sock HOST and use unix:///path/local.sock")
        case "npipe", "fd":
            throw .unsupported("engine address \"\(text)\": \(scheme):// does not exist for clients on Linux")
        default:
            throw .unsupported("engine address \"\(text)\": scheme \"\(scheme)\" is not known; use unix:// or tcp://")
        }
    }

    private static func unixSocket(_ path: String, in text: String) throws(EngineError) -> EngineEndpoint {
        guard path.hasPrefix("/") else {
            throw .unsupported("engine address \"\(text)\": the socket path must be absolute")
        }
        guard path.utf8.count <= maxSocketPathBytes else {
            throw .unsupported("engine address \"\(text)\": a socket path has at most \(maxSocketPathBytes) bytes")
        }
        return EngineEndpoint(transport: .unix(path: path))
    }

    private static func tcp(_ authority: String, in text: String) throws(EngineError) -> EngineEndpoint {
        var rest = authority[...]
        if rest.hasSuffix("/") { rest.removeLast() }
        guard !rest.contains(where: { "/?#@".contains($0) }) else {
            throw .unsupported("engine address \"\(text)\": only a host and a port are allowed")
        }
        let host: Substring
        if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
            host = rest[rest.index(after: rest.startIndex)..<close]
            rest = rest[rest.index(after: close)...]
        } else {
            host = rest.prefix { $0 != ":" }
            rest = rest[host.endIndex...]
        }
        guard !host.isEmpty else { throw .unsupported("engine address \"\(text)\": the host is missing") }
        if rest.isEmpty { return EngineEndpoint(transport: .tcp(host: String(host), port: defaultPort)) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port) else {
            throw .unsupported("engine address \"\(text)\": the port must be 1 to 65535")
        }
        return EngineEndpoint(transport: .tcp(host: String(host), port: port))
    }

    private static func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }
}

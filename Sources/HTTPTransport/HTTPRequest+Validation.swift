extension HTTPRequest {
    private static let urlLimitBytes = 64 << 10
    /// `sun_path` of a unix socket address, without its final NUL.
    private static let socketPathLimitBytes = 107
    /// Fields that frame the body, which the transport writes itself.
    private static let ownFields = ["content-length", "transfer-encoding", "expect"]

    /// Refuses what would change the shape of the request on the wire.
    func validate() throws(HTTPTransportError) {
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isTokenByte) else {
            throw .invalid("the request method is not a token")
        }
        // libcurl cuts C strings at a NUL, and a line break in a field would start another one.
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), url.utf8.count <= Self.urlLimitBytes else {
            throw .invalid("the URL for \(peer) holds a blank or a control character or is too long")
        }
        for (name, value) in headers.entries {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
                throw .invalid("a request header name is not a token")
            }
            guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw .invalid("the request header \(name) holds a control character")
            }
            guard !Self.ownFields.contains(name.lowercased()) else {
                throw .invalid("the request header \(name) belongs to the transport")
            }
        }
        if case .unixSocket(let path) = target {
            guard !path.isEmpty, path.utf8.count <= Self.socketPathLimitBytes, !path.utf8.contains(0) else {
                throw .invalid("a unix socket path has 1 to \(Self.socketPathLimitBytes) bytes: \(path)")
            }
        }
    }

    /// Who is talked to, for messages: the socket path, or the authority of the URL without user information.
    var peer: String {
        if case .unixSocket(let path) = target { return path }
        guard let scheme = url.range(ofSeparator: "://") else { return "an address without scheme" }
        let authority = url[scheme.upperBound...].prefix { !"/?#\\".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return String(host)
    }

    /// RFC 9110, 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension String {
    fileprivate func range(ofSeparator separator: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(separator) { return start..<index(start, offsetBy: separator.count) }
            start = index(after: start)
        }
        return nil
    }
}

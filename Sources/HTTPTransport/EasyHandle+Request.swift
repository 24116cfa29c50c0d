import CCurl

extension EasyHandle {
    /// One read of a socket.
    private static let receiveBufferBytes = 64 << 10
    /// One chunk of a streamed request body; allocated for uploads alone.
    private static let sendBufferBytes = 1 << 20

    /// Applies a request.
    ///
    /// Everything that came from outside is checked before libcurl sees it.
    func configure(_ request: HTTPRequest) throws(HTTPTransportError) {
        try request.validate()
        try setURL(of: request)
        setConnection(of: request)
        setLimits(of: request)
        try setBody(of: request)
    }

    private func setURL(of request: HTTPRequest) throws(HTTPTransportError) {
        let schemes: String
        switch request.target {
        case .network: schemes = request.allowedSchemes.joined(separator: ",")
        case .unixSocket: schemes = "http"
        }
        guard set(CURLOPT_PROTOCOLS_STR, schemes) == CURLE_OK else {
            throw .invalid("the allowed schemes \"\(schemes)\" are not schemes of HTTP")
        }
        guard set(CURLOPT_URL, request.url) == CURLE_OK else { throw .outOfMemory }
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    }

    private func setConnection(of request: HTTPRequest) {
        // libcurl must not touch signal handlers in a process with threads.
        set(CURLOPT_NOSIGNAL, 1)
        // Without this, taking out a transfer that is still looking up a name waits for the lookup, and with it
        // every other transfer of the thread.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let caFile = request.caFile {
            check(set(CURLOPT_CAINFO, caFile))
            // The directory of the system would be trusted besides.
            unsafe check(CCurl_setopt_string(raw, CURLOPT_CAPATH, nil))
        }
        var usesProxy = request.proxy == .environment
        if case .unixSocket(let path) = request.target {
            check(set(CURLOPT_UNIX_SOCKET_PATH, path))
            usesProxy = false
        }
        if !usesProxy {
            check(set(CURLOPT_PROXY, ""))
            check(set(CURLOPT_NOPROXY, "*"))
        }
    }

    private func setLimits(of request: HTTPRequest) {
        set(CURLOPT_BUFFERSIZE, Self.receiveBufferBytes)
        set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.wholeMilliseconds)
        if let timeout = request.totalTimeout { set(CURLOPT_TIMEOUT_MS, timeout.wholeMilliseconds) }
        if let limit = request.lowSpeed {
            set(CURLOPT_LOW_SPEED_LIMIT, limit.bytesPerSecond)
            set(CURLOPT_LOW_SPEED_TIME, max(1, limit.window.wholeMilliseconds / 1000))
        }
        // Fails before the first byte when the length is declared; the bytes are counted besides. 0 means no limit.
        if let limit = request.maxBodyBytes, limit > 0, request.method != "HEAD" {
            set(CURLOPT_MAXFILESIZE_LARGE, offset: limit)
        }
    }

    private func setBody(of request: HTTPRequest) throws(HTTPTransportError) {
        var lines = request.headers.entries.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // No waiting for "100 Continue", which the engine does not send in time.
        lines.append("Expect:")
        switch request.body {
        case .none where request.method == "HEAD":
            set(CURLOPT_NOBODY, 1)
        case .none where ["POST", "PUT", "PATCH"].contains(request.method):
            setPost(of: request, bytes: [], lines: &lines)
        case .none:
            set(CURLOPT_HTTPGET, 1)
        case .bytes(let bytes):
            setPost(of: request, bytes: bytes, lines: &lines)
        case .stream:
            set(CURLOPT_UPLOAD, 1)
            set(CURLOPT_UPLOAD_BUFFERSIZE, Self.sendBufferBytes)
            // A kept connection may be dead, and a streamed body cannot be sent twice.
            set(CURLOPT_FRESH_CONNECT, 1)
            lines.append("Transfer-Encoding: chunked")
        }
        check(set(CURLOPT_CUSTOMREQUEST, request.method))
        try setHeader(lines)
    }

    private func setPost(of request: HTTPRequest, bytes: [UInt8], lines: inout [String]) {
        set(CURLOPT_POST, 1)
        setBody(bytes)
        // libcurl would call it a web form.
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
    }
}

extension Duration {
    /// Rounded up and at least 1, since 0 turns libcurl's timeouts off or to their defaults.
    fileprivate var wholeMilliseconds: Int {
        Int(max(1, min((self / .milliseconds(1)).rounded(.up), Double(Int32.max))))
    }
}

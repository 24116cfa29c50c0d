import CCurl
import Glibc

extension EasyHandle {
    /// The error for a result of libcurl; `nil` for success.
    ///
    /// The codes are described at https://curl.se/libcurl/c/libcurl-errors.html.
    func error(for result: CURLcode, request: HTTPRequest) -> HTTPTransportError? {
        guard result != CURLE_OK else { return nil }
        let detail = HTTPTransportError.redacted(errorMessage)
        let (code, what) = HTTPTransportError.meaning(of: result, detail: detail)
        // A resolver or a timeout leaves the errno of an earlier, successful step behind.
        let osErrno = code == .couldNotConnect || code == .connectionLost ? self.osErrno : nil
        let reason =
            if let osErrno {
                unsafe String(cString: strerror(osErrno))
            } else if detail.isEmpty {
                unsafe String(cString: curl_easy_strerror(result))
            } else {
                detail
            }
        return HTTPTransportError(
            code: code, message: "\(what) \(request.peer): \(reason)", curlCode: Int(result.rawValue), osErrno: osErrno)
    }
}

extension HTTPTransportError {
    fileprivate static func meaning(of result: CURLcode, detail: String) -> (Code, String) {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            (.couldNotResolve, "could not find the address of")
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED, CURLE_PROXY:
            (.couldNotConnect, "could not connect to")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_CRL_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            (.tls, "no trusted TLS connection to")
        // libcurl has one code for every timeout; only its text tells a slow transfer.
        case CURLE_OPERATION_TIMEDOUT where detail.hasPrefix("Operation too slow"):
            (.lowSpeed, "the transfer was too slow with")
        case CURLE_OPERATION_TIMEDOUT:
            (.timeout, "timed out with")
        case CURLE_FILESIZE_EXCEEDED:
            (.bodyTooLarge, "the response is too large from")
        case CURLE_PARTIAL_FILE:
            (.truncated, "the response was cut off by")
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND, CURLE_HTTP2,
            CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            (.connectionLost, "lost the connection to")
        case CURLE_ABORTED_BY_CALLBACK:
            (.cancelled, "the upload was given up to")
        case CURLE_UNSUPPORTED_PROTOCOL:
            (.schemeNotAllowed, "the scheme of the URL is not allowed for")
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED:
            (.invalidRequest, "not a usable URL for")
        default:
            (.internal, "libcurl failed with")
        }
    }

    /// Removes what may be secret from libcurl's text: queries, and user information in URLs.
    static func redacted(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word -> Substring in
            var word = word.prefix { $0 != "?" }
            if let at = word.lastIndex(of: "@") { word = word[word.index(after: at)...] }
            return word
        }.joined(separator: " ")
    }
}

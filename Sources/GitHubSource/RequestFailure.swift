import HTTPTransport

/// One attempt's failure, and whether another attempt makes sense.
struct RequestFailure: Error {
    enum Kind {
        case final
        case transient
        case limited
    }

    let kind: Kind
    let error: SourceError

    init(kind: Kind, error: SourceError) {
        self.kind = kind
        self.error = error
    }

    /// A transfer that broke before there was an answer, or in the middle of it.
    ///
    /// - Parameters:
    ///   - action: what failed, to begin a sentence with: "Asking github.com for octo/demo".
    ///   - proxy: what to know about the proxy on the way, as a sentence.
    init(_ error: HTTPTransportError, doing action: String, proxy: String?) {
        // The transport's messages name the host and hold no query.
        let message = "\(action) failed: \(error.message)"
        func failure(_ kind: Kind, _ code: String, _ hint: String?) -> RequestFailure {
            let hint = [hint, proxy].compactMap(\.self).joined(separator: " ")
            return RequestFailure(
                kind: kind,
                error: SourceError(code, message, hint: hint.isEmpty ? nil : hint, retryable: kind == .transient))
        }
        self =
            switch error.code {
            case .couldNotResolve:
                failure(.transient, SourceError.Code.network, "Check the host's name and the name servers.")
            case .couldNotConnect:
                failure(.transient, SourceError.Code.network, "Check the network, the firewall and https_proxy.")
            case .truncated, .connectionLost:
                failure(
                    .transient, SourceError.Code.network,
                    "The connection broke. Try again; if it lasts, look for a proxy that cuts transfers.")
            case .timeout, .lowSpeed:
                failure(.transient, SourceError.Code.timeout, "The network or the server is slow. Try again.")
            case .tls:
                failure(
                    .final, SourceError.Code.tls,
                    "If the server's certificate is from a private authority, name that authority's file as caFile; check the clock too."
                )
            case .bodyTooLarge:
                failure(
                    .final, SourceError.Code.network,
                    "Answers, and the files read one by one, are far smaller. Check that the address is that of an API."
                )
            case .cancelled, .invalidRequest, .schemeNotAllowed, .internal:
                failure(.final, SourceError.Code.network, nil)
            }
    }
}

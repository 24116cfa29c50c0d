/// What an engine's words about a registry mean; the engines give no codes.
enum RegistryProblem {
    case notFound
    case unauthorized
    case network
    case rateLimited

    /// Reads the engine's message; nil when it is about something else.
    init?(message: String) {
        let text = message.lowercased()
        if text.containsAny("toomanyrequests", "too many requests", "rate limit") {
            self = .rateLimited
        } else if text.containsAny(
            "dial tcp", "dial udp", "no such host", "i/o timeout", "connection refused", "connection reset",
            "network is unreachable", "no route to host", "tls handshake", "x509:", "context deadline exceeded",
            "server gave http response to https client", "temporary failure in name resolution")
        {
            self = .network
        } else if text.containsAny(
            // Registries answer "denied" for what does not exist too, so as to hide what does.
            "repository does not exist", "manifest unknown", "name unknown", "not found", "no such image",
            "image not known", "does not exist")
        {
            self = .notFound
        } else if text.containsAny(
            "unauthorized", "authentication required", "no basic auth credentials", "access denied", "is denied",
            "403 forbidden", "insufficient_scope")
        {
            self = .unauthorized
        } else {
            return nil
        }
    }
}

/// Why an image could not be pulled.
package struct ImagePullFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// No such repository or tag, or a private one that hides itself.
        case notFound
        case unauthorized
        /// The registry cannot be reached from the engine.
        case network
        case rateLimited
        case noSpace
        case other
    }

    package let kind: Kind
    package let reference: String
    /// The engine's own words.
    package let message: String

    package init(kind: Kind, reference: String, message: String) {
        self.kind = kind
        self.reference = reference
        self.message = message
    }

    init(reference: String, message: String) {
        let kind: Kind
        if message.contains("no space left on device") {
            kind = .noSpace
        } else {
            switch RegistryProblem(message: message) {
            case .notFound: kind = .notFound
            case .unauthorized: kind = .unauthorized
            case .network: kind = .network
            case .rateLimited: kind = .rateLimited
            case nil: kind = .other
            }
        }
        self.init(kind: kind, reference: reference, message: message.trimmed)
    }
}

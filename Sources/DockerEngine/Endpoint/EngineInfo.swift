/// What an engine says about itself, as of the last connection.
package struct EngineInfo: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case docker
        case podman
    }

    /// `Docker` or `Podman`.
    package var name: String {
        switch kind {
        case .docker: "Docker"
        case .podman: "Podman"
        }
    }
    package let kind: Kind
    /// The engine's own version, such as `28.5.2`.
    package let version: String
    /// The API version spoken with it, such as `1.51`.
    package let apiVersion: String
    /// The engine's own id, which changes with its data; empty when a socket proxy hides it.
    package let id: String
    /// `linux/amd64`, as build arguments name it; empty when the engine does not tell.
    package let platform: String
    /// Ports below 1024 cannot be published and container addresses are unreachable.
    package let isRootless: Bool
    /// Where the engine keeps images and containers, on its own machine; empty when it does not tell.
    package let rootDirectory: String

    let api: APIVersion

    /// Podman before 5 differs in the details of logs.
    var majorVersion: Int { version.leadingNumber ?? 0 }
}

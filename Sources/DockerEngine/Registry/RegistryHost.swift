/// A registry, however it is written: `docker.io`, `https://index.docker.io/v1/`, `registry.example.com:5000`.
package struct RegistryHost: Sendable, Hashable, CustomStringConvertible {
    private static let dockerHub = "docker.io"
    private static let dockerHubNames: Set<String> = [
        "docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com",
    ]

    /// Host and port in lower case; Docker Hub is always `docker.io`.
    package let name: String

    /// From a key of Docker's configuration, or as BuildKit names it: scheme and path do not count.
    package init(_ text: String) {
        var rest = text.lowercased()[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        let host = String(rest.prefix { $0 != "/" })
        name = Self.dockerHubNames.contains(host) ? Self.dockerHub : host
    }

    /// The registry of an image's reference: what precedes the first slash when it looks like a host.
    package init(ofImage reference: String) {
        let first = reference.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard first.count == 2, first[0] == "localhost" || first[0].contains(where: { $0 == "." || $0 == ":" }) else {
            self.init(Self.dockerHub)
            return
        }
        self.init(String(first[0]))
    }

    /// How the engine and credential helpers know it.
    package var serverAddress: String { name == Self.dockerHub ? "https://index.docker.io/v1/" : name }

    package var description: String { name }
}

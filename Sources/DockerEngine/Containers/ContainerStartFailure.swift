/// Why a created container could not be started; it is still there and must be removed.
package struct ContainerStartFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A container or another process has the host port; nil when the engine does not say which.
        case portInUse(port: Int?)
        /// The address to publish on is none of this machine's.
        case badHostIP
        /// The command is not in the image.
        case badCommand
        /// The command is not executable, or the port needs more rights than a rootless engine has.
        case permissionDenied
        /// The image's or container's user is not in its passwd file.
        case unknownUser
        case other
    }

    package let kind: Kind
    /// The engine's own words.
    package let message: String

    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    /// Classifies the engine's text, the only place where the cause is told.
    init(message: String) {
        self.init(kind: Self.classify(message.lowercased()), message: message)
    }

    private static func classify(_ text: String) -> Kind {
        if text.containsAny("port is already allocated", "address already in use") {
            return .portInUse(port: port(in: text))
        }
        if text.contains("cannot assign requested address") { return .badHostIP }
        if text.containsAny("unable to find user", "no matching entries in passwd", "unable to find group") {
            return .unknownUser
        }
        if text.containsAny("permission denied", "is a directory", "cannot expose privileged port") {
            return .permissionDenied
        }
        if text.containsAny(
            "executable file not found", "no such file or directory", "command that was not found")
        {
            return .badCommand
        }
        return .other
    }

    /// The host port in `Bind for 0.0.0.0:3001 failed`, `listen tcp4 0.0.0.0:3001: bind`,
    /// `failed to bind host port for 0.0.0.0:3055:172.17.0.2:80/tcp` and `failed to bind host port 0.0.0.0:3055/tcp`.
    private static func port(in text: String) -> Int? {
        for marker in [
            "host port for ", "host port ", "bind for ", "listen tcp4 ", "listen tcp6 ", "listen tcp ", "listen udp ",
        ] {
            guard var address = text.after(marker) else { continue }
            if address.hasPrefix("["), let close = address.firstIndex(of: "]") { address = address[close...] }
            if let port = address.after(":")?.leadingNumber, (1...65_535).contains(port) { return port }
        }
        return nil
    }
}

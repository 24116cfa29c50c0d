/// One port of a container and where it is reached on the host.
///
/// TCP only.
package struct PortSpec: Sendable, Hashable, CustomStringConvertible {
    package enum HostPort: Sendable, Hashable {
        case fixed(Int)
        /// The engine chooses a free one.
        case automatic
    }

    /// 1 to 65535.
    package var containerPort: Int
    package var host: HostPort

    /// A port with the same number on both sides, unless `host` says otherwise.
    package init(containerPort: Int, host: HostPort? = nil) {
        self.containerPort = containerPort
        self.host = host ?? .fixed(containerPort)
    }

    /// The port on the host, when the configuration fixes it.
    package var fixedHostPort: Int? {
        if case .fixed(let port) = host { port } else { nil }
    }

    /// The text ``parse(_:)`` reads back: `3000`, `8080:3000`, `auto:3000`.
    package var description: String {
        switch host {
        case .automatic: "auto:\(containerPort)"
        case .fixed(containerPort): "\(containerPort)"
        case .fixed(let port): "\(port):\(containerPort)"
        }
    }

    /// The ports of one entry: `3000`, `8080:3000`, `auto:3000`, `8000-8003`, `9000-9003:8000-8003`, `auto:8000-8003`.
    ///
    /// Nil for anything else. A range has at most ``PortList/limit`` ports.
    package static func parse(_ text: String) -> [PortSpec]? {
        try? read(text)  // The caller has no use for the reason.
    }

    static func read(_ text: String) throws(ConfigValueError) -> [PortSpec] {
        let sides = text.split(separator: ":", omittingEmptySubsequences: false)
        guard sides.count <= 2, let last = sides.last else { throw notAPort(text) }
        let container = try range(last, in: text)
        if sides.count == 1 { return container.map { PortSpec(containerPort: $0) } }
        if sides[0] == "auto" { return container.map { PortSpec(containerPort: $0, host: .automatic) } }
        let host = try range(sides[0], in: text)
        guard host.count == container.count else {
            let counts = "\(host.count) ports on the host for \(container.count) of the container"
            throw ConfigValueError("\(quoted(text)) has \(counts); both ranges must have the same length")
        }
        return zip(host, container).map { PortSpec(containerPort: $1, host: .fixed($0)) }
    }

    private static func range(_ side: Substring, in text: String) throws(ConfigValueError) -> ClosedRange<Int> {
        let ends = side.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = ends.compactMap { !$0.isEmpty && $0.utf8.allSatisfy(\.isASCIIDigit) ? Int($0) ?? Int.max : nil }
        guard ends.count <= 2, numbers.count == ends.count, let first = numbers.first, let last = numbers.last else {
            throw notAPort(text)
        }
        guard first >= 1, last <= 65535 else {
            throw ConfigValueError("\(quoted(text)): a port must be from 1 to 65535")
        }
        guard first <= last else { throw ConfigValueError("\(quoted(text)): a range must begin with its lower port") }
        guard last - first < PortList.limit else {
            throw ConfigValueError(
                "\(quoted(text)) has \(last - first + 1) ports; at most \(PortList.limit) are accepted")
        }
        return first...last
    }

    private static func notAPort(_ text: String) -> ConfigValueError {
        ConfigValueError(
            "\(quoted(text)) is not a port; accepted: 3000, 8080:3000 (host:container), auto:3000, ranges as 8000-8003"
        )
    }
}

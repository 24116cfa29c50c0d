/// How a component is built and run: its `.runner/config.yml`, validated.
package struct ComponentConfig: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case docker
    }

    package var type = Kind.docker
    /// Relative to the component's directory, or to the repository with a leading `/`.
    ///
    /// See ``resolveRepositoryPath(_:from:)``.
    package var dockerfile = "Dockerfile"
    /// Not empty, at most 32, no fixed host port twice.
    package var ports: [PortSpec]
    /// At most 256, no name twice, in the order of the text.
    package var environment: [EnvironmentEntry] = []
    package var healthCheck: HealthCheck?
    package var build = BuildSettings()
    package var stop = StopSettings()
    package var resources = ResourceSettings()
    package var security = SecuritySettings()

    package init(ports: [PortSpec]) {
        self.ports = ports
    }
}

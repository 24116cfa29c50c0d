/// A container as it is to be created, with the hardening of an application that is not trusted.
///
/// There is no way to ask for privileges, host paths, devices or the host's namespaces.
package struct ContainerSpec: Sendable, Hashable {
    package struct EnvironmentVariable: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package struct PortBinding: Sendable, Hashable {
        package let containerPort: Int
        package let proto: String
        /// Never empty: an empty address publishes on IPv4 and IPv6, whose automatic ports may differ.
        package let hostIP: String
        /// Nil lets the engine choose; the choice is in `ContainerDetails.ports`.
        package let hostPort: Int?

        package init(containerPort: Int, proto: String = "tcp", hostIP: String, hostPort: Int?) {
            self.containerPort = containerPort
            self.proto = proto
            self.hostIP = hostIP
            self.hostPort = hostPort
        }
    }

    /// What the engine itself keeps of the output; always bounded.
    package enum LogDriver: Sendable, Hashable {
        case jsonFile(maxSize: String = "10m", maxFiles: Int = 3)
        case local(maxSize: String = "10m", maxFiles: Int = 3)
        case none
    }

    package var image: String
    /// Nil keeps the image's.
    package var command: [String]?
    /// Nil keeps the image's.
    package var entrypoint: [String]?
    package var environment: [EnvironmentVariable] = []
    package var labels: [String: String] = [:]
    package var user: String?
    package var workingDirectory: String?
    package var tty = false
    package var ports: [PortBinding] = []
    /// Memory and swap together.
    package var memoryBytes: Int64?
    /// Billionths of a processor.
    package var nanoCPUs: Int64?
    package var pidsLimit: Int64?
    package var capDrop = ["ALL"]
    package var capAdd: [String] = []
    package var noNewPrivileges = true
    package var readOnlyRoot = false
    /// Paths to mount options, such as `/tmp` to `rw,size=64m`.
    package var tmpfs: [String: String] = [:]
    package var logDriver = LogDriver.jsonFile()
    /// A small init as process 1, which reaps and forwards signals; left out where Podman has none installed.
    package var useInit = true
    /// The signal of `stop`; nil keeps the image's.
    package var stopSignal: String?
    package var stopTimeoutSeconds: Int?
    /// A network's name; nil is the engine's default bridge.
    package var networkMode: String?
    /// The engine's own health checks fill its short event memory; the agent probes by itself.
    package var disableHealthCheck = false
    /// `linux/amd64`; nil takes the image's.
    package var platform: String?

    package init(image: String) {
        self.image = image
    }
}

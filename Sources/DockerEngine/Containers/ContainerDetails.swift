/// A port of a container as the engine published it.
package struct PublishedPort: Sendable, Hashable {
    package let containerPort: Int
    package let proto: String
    package let hostIP: String
    package let hostPort: Int
}

/// What a container does, or how it ended.
package struct ContainerState: Sendable, Hashable {
    /// `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`; Podman also says `stopped`.
    package let status: String
    package let isRunning: Bool
    /// Meaningful after the end only.
    ///
    /// 137 is SIGKILL, also of a container out of memory; 143 is SIGTERM.
    package let exitCode: Int
    /// A process of the container was killed for memory; never set by Podman 4.
    package let oomKilled: Bool
    /// Why it could not be started or how it failed; nil while it runs.
    package let error: String?
    package let startedAt: EngineTimestamp?
    package let finishedAt: EngineTimestamp?
    package let pid: Int
    /// `starting`, `healthy` or `unhealthy`, when the image has a health check that the engine runs.
    package let health: String?
}

/// A container, as `inspect` shows it.
package struct ContainerDetails: Sendable, Hashable {
    package let id: String
    /// Without the leading slash.
    package let name: String
    package let imageID: String
    /// The reference it was created with; Podman makes it complete (`docker.io/library/...`).
    package let image: String
    package let createdAt: EngineTimestamp?
    package let state: ContainerState
    package let restartCount: Int
    package let labels: [String: String]
    package let tty: Bool
    package let logDriver: String
    package let networkMode: String
    /// Empty while it does not run.
    package let ports: [PublishedPort]
    /// Network names to addresses.
    package let addresses: [String: String]
}

extension ContainerDetails: Decodable {
    private struct State: Decodable {
        struct Health: Decodable {
            enum CodingKeys: String, CodingKey { case status = "Status" }

            let status: String?
        }

        enum CodingKeys: String, CodingKey {
            case status = "Status"
            case running = "Running"
            case exitCode = "ExitCode"
            case oomKilled = "OOMKilled"
            case error = "Error"
            case startedAt = "StartedAt"
            case finishedAt = "FinishedAt"
            case pid = "Pid"
            case health = "Health"
        }

        let status: String?
        let running: Bool?
        let exitCode: Int?
        let oomKilled: Bool?
        let error: String?
        let startedAt: String?
        let finishedAt: String?
        let pid: Int?
        let health: Health?

        var value: ContainerState {
            let isRunning = running ?? false
            // Podman 5 leaves "container is running" in the error of healthy containers.
            let error = isRunning ? nil : error.flatMap { $0.isEmpty ? nil : $0 }
            // "none" and "" are containers without a health check.
            let health = health?.status.flatMap { $0.isEmpty || $0 == "none" ? nil : $0 }
            return ContainerState(
                status: status ?? "unknown", isRunning: isRunning, exitCode: exitCode ?? 0,
                oomKilled: oomKilled ?? false, error: error,
                startedAt: startedAt.flatMap { EngineTimestamp(rfc3339: $0) },
                finishedAt: finishedAt.flatMap { EngineTimestamp(rfc3339: $0) }, pid: pid ?? 0, health: health)
        }
    }

    private struct Config: Decodable {
        enum CodingKeys: String, CodingKey {
            case image = "Image"
            case labels = "Labels"
            case tty = "Tty"
        }

        let image: String?
        let labels: [String: String]?
        let tty: Bool?
    }

    private struct HostConfig: Decodable {
        struct LogConfig: Decodable {
            enum CodingKeys: String, CodingKey { case type = "Type" }

            let type: String?
        }

        enum CodingKeys: String, CodingKey {
            case logConfig = "LogConfig"
            case networkMode = "NetworkMode"
        }

        let logConfig: LogConfig?
        let networkMode: String?
    }

    private struct NetworkSettings: Decodable {
        struct HostPort: Decodable {
            enum CodingKeys: String, CodingKey {
                case hostIP = "HostIp"
                case hostPort = "HostPort"
            }

            let hostIP: String?
            let hostPort: String?
        }

        struct Network: Decodable {
            enum CodingKeys: String, CodingKey { case address = "IPAddress" }

            let address: String?
        }

        enum CodingKeys: String, CodingKey {
            case ports = "Ports"
            case networks = "Networks"
        }

        let ports: [String: [HostPort]?]?
        let networks: [String: Network?]?

        var published: [PublishedPort] {
            let all = (ports ?? [:]).flatMap { key, bindings in
                (bindings ?? []).compactMap { binding -> PublishedPort? in
                    let parts = key.split(separator: "/")
                    guard let first = parts.first, let containerPort = Int(first),
                        let hostPort = binding.hostPort.flatMap({ Int($0) })
                    else { return nil }
                    return PublishedPort(
                        containerPort: containerPort, proto: parts.count > 1 ? String(parts[1]) : "tcp",
                        hostIP: binding.hostIP ?? "", hostPort: hostPort)
                }
            }
            return all.sorted { ($0.containerPort, $0.proto, $0.hostIP) < ($1.containerPort, $1.proto, $1.hostIP) }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case image = "Image"
        case created = "Created"
        case state = "State"
        case restartCount = "RestartCount"
        case config = "Config"
        case hostConfig = "HostConfig"
        case networkSettings = "NetworkSettings"
    }

    package init(from decoder: any Decoder) throws {
        let answer = try decoder.container(keyedBy: CodingKeys.self)
        let config = try answer.decode(Config.self, forKey: .config)
        let host = try answer.decodeIfPresent(HostConfig.self, forKey: .hostConfig)
        let network = try answer.decodeIfPresent(NetworkSettings.self, forKey: .networkSettings)
        let fullName = try answer.decodeIfPresent(String.self, forKey: .name) ?? ""
        let created = try answer.decodeIfPresent(String.self, forKey: .created)
        id = try answer.decode(String.self, forKey: .id)
        name = String(fullName.drop { $0 == "/" })
        imageID = try answer.decodeIfPresent(String.self, forKey: .image) ?? ""
        image = config.image ?? ""
        createdAt = created.flatMap { EngineTimestamp(rfc3339: $0) }
        state = try answer.decode(State.self, forKey: .state).value
        restartCount = try answer.decodeIfPresent(Int.self, forKey: .restartCount) ?? 0
        labels = config.labels ?? [:]
        tty = config.tty ?? false
        logDriver = host?.logConfig?.type ?? ""
        networkMode = host?.networkMode ?? ""
        ports = network?.published ?? []
        addresses = (network?.networks ?? [:]).compactMapValues { network in
            network?.address.flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}

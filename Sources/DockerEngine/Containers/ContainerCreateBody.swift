/// The body of `POST /containers/create`.
struct ContainerCreateBody: Encodable {
    struct HealthCheck: Encodable {
        enum CodingKeys: String, CodingKey { case test = "Test" }

        let test: [String]
    }

    struct HostPort: Encodable {
        enum CodingKeys: String, CodingKey {
            case hostIP = "HostIp"
            case hostPort = "HostPort"
        }

        let hostIP: String
        let hostPort: String
    }

    struct LogConfig: Encodable {
        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case config = "Config"
        }

        let type: String
        let config: [String: String]
    }

    struct RestartPolicy: Encodable {
        enum CodingKeys: String, CodingKey { case name = "Name" }

        let name: String
    }

    struct HostConfig: Encodable {
        enum CodingKeys: String, CodingKey {
            case portBindings = "PortBindings"
            case restartPolicy = "RestartPolicy"
            case memory = "Memory"
            case memorySwap = "MemorySwap"
            case nanoCPUs = "NanoCpus"
            case pidsLimit = "PidsLimit"
            case capDrop = "CapDrop"
            case capAdd = "CapAdd"
            case securityOpt = "SecurityOpt"
            case readOnlyRoot = "ReadonlyRootfs"
            case tmpfs = "Tmpfs"
            case logConfig = "LogConfig"
            case useInit = "Init"
            case networkMode = "NetworkMode"
        }

        let portBindings: [String: [HostPort]]
        let restartPolicy = RestartPolicy(name: "no")
        let memory: Int64?
        let memorySwap: Int64?
        let nanoCPUs: Int64?
        let pidsLimit: Int64?
        let capDrop: [String]
        let capAdd: [String]
        let securityOpt: [String]
        let readOnlyRoot: Bool
        let tmpfs: [String: String]?
        let logConfig: LogConfig
        let useInit: Bool?
        let networkMode: String?
    }

    enum CodingKeys: String, CodingKey {
        case image = "Image"
        case command = "Cmd"
        case entrypoint = "Entrypoint"
        case environment = "Env"
        case labels = "Labels"
        case user = "User"
        case workingDirectory = "WorkingDir"
        case tty = "Tty"
        case attachStdout = "AttachStdout"
        case attachStderr = "AttachStderr"
        case exposedPorts = "ExposedPorts"
        case stopSignal = "StopSignal"
        case stopTimeout = "StopTimeout"
        case healthCheck = "Healthcheck"
        case hostConfig = "HostConfig"
    }

    let image: String
    let command: [String]?
    let entrypoint: [String]?
    let environment: [String]
    let labels: [String: String]
    let user: String?
    let workingDirectory: String?
    let tty: Bool
    let attachStdout = true
    let attachStderr = true
    let exposedPorts: [String: [String: String]]
    let stopSignal: String?
    let stopTimeout: Int?
    let healthCheck: HealthCheck?
    let hostConfig: HostConfig

    init(_ spec: ContainerSpec, useInit: Bool) {
        image = spec.image
        command = spec.command
        entrypoint = spec.entrypoint
        environment = spec.environment.map { "\($0.name)=\($0.value)" }
        labels = spec.labels
        user = spec.user
        workingDirectory = spec.workingDirectory
        tty = spec.tty
        stopSignal = spec.stopSignal
        stopTimeout = spec.stopTimeoutSeconds
        healthCheck = spec.disableHealthCheck ? HealthCheck(test: ["NONE"]) : nil
        // The protocol is always named: without it Docker before 29 accepts the binding and publishes nothing.
        var bindings: [String: [HostPort]] = [:]
        for port in spec.ports {
            let host = HostPort(hostIP: port.hostIP, hostPort: port.hostPort.map { String($0) } ?? "")
            bindings["\(port.containerPort)/\(port.proto)", default: []].append(host)
        }
        exposedPorts = bindings.mapValues { _ in [:] }
        hostConfig = HostConfig(
            portBindings: bindings,
            memory: spec.memoryBytes,
            memorySwap: spec.memoryBytes,
            nanoCPUs: spec.nanoCPUs,
            pidsLimit: spec.pidsLimit,
            capDrop: spec.capDrop,
            capAdd: spec.capAdd,
            securityOpt: spec.noNewPrivileges ? ["no-new-privileges"] : [],
            readOnlyRoot: spec.readOnlyRoot,
            tmpfs: spec.tmpfs.isEmpty ? nil : spec.tmpfs,
            logConfig: LogConfig(spec.logDriver),
            useInit: useInit ? true : nil,
            networkMode: spec.networkMode)
    }
}

extension ContainerCreateBody.LogConfig {
    init(_ driver: ContainerSpec.LogDriver) {
        switch driver {
        case .jsonFile(let size, let files):
            self.init(type: "json-file", config: ["max-size": size, "max-file": String(files)])
        case .local(let size, let files):
            self.init(type: "local", config: ["max-size": size, "max-file": String(files)])
        case .none:
            self.init(type: "none", config: [:])
        }
    }
}

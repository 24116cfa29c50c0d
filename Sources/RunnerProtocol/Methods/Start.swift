/// `runner.start`: builds and runs a component.
///
/// Answered with its `Instance`.
package struct StartParams: WireParams {
    package static let method = WireMethod.runnerStart

    package enum OnExisting: String, Sendable, CaseIterable {
        case replace, reject, reuse
    }

    package enum Wait: String, Sendable, CaseIterable {
        case accepted, running, healthy
    }

    package var componentRef: String?
    /// A Backstage entity, an object.
    package var entity: JSONValue?
    package var source: SourceParams?
    package var configPath: String?
    /// The inline config as text: YAML as sent, or the JSON of an object, which is YAML too.
    package var config: [UInt8]?
    /// For this start only; never stored, never logged.
    package var token: String?
    package var onExisting: OnExisting
    package var idempotencyKey: String?
    /// In the order sent.
    package var environment: [(name: String, value: String)]
    /// Port texts such as `3000` or `8080:3000`; nil keeps the config's.
    package var ports: [String]?
    /// For this start only; never stored, never logged.
    package var buildSecrets: [String: String]
    package var wait: Wait
    package var timeoutSeconds: Int?
    package var ttlSeconds: Int?
    package var progressToken: ProgressToken?
    package var requestedBy: String?
    package var traceparent: String?
    /// What two calls with one idempotency key must have in common; holds no secret.
    package var fingerprint: [UInt8]

    private static let members = [
        "componentRef", "entity", "source", "configPath", "config", "credentials", "onExisting", "idempotencyKey",
        "environment", "ports", "buildSecrets", "wait", "timeoutSeconds", "ttlSeconds",
    ]

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(byName: params)
        try reader.refuseUnknown(Self.members)
        componentRef = try reader.text("componentRef")
        entity = try reader.objectValue("entity").map(JSONValue.object)
        source = try SourceParams(reader, refusingUnknown: true)
        guard componentRef != nil || entity != nil || source != nil else {
            throw reader.fault("one of componentRef, entity and source is required")
        }
        configPath = try reader.text("configPath")
        config = try reader.configText("config")
        token = try reader.token(refusingUnknown: true)
        onExisting = try reader.choice("onExisting", as: OnExisting.self) ?? .replace
        idempotencyKey = try reader.text("idempotencyKey", limit: WireLimits.idempotencyKeyBytes)
        environment = try Self.environment(reader)
        ports = try Self.ports(reader)
        buildSecrets = try Self.buildSecrets(reader)
        wait = try reader.choice("wait", as: Wait.self) ?? .accepted
        timeoutSeconds = try reader.int("timeoutSeconds", in: 1...WireLimits.startTimeoutSeconds)
        ttlSeconds = try reader.int("ttlSeconds", in: 1...WireLimits.ttlSeconds)
        let meta = try reader.nested("_meta")
        progressToken = try meta.flatMap { reader throws(ResponseError) in try Self.progressToken(reader) }
        requestedBy = try meta?.text("requestedBy", limit: WireLimits.requestedByBytes)
        traceparent = try meta?.text("traceparent")
        fingerprint = StartFingerprint.bytes(of: reader.members)
    }

    /// Values are strings; numbers and booleans are taken as the text they were written as.
    private static func environment(_ reader: ParamsReader) throws(ResponseError) -> [(name: String, value: String)] {
        guard let variables = try reader.nested("environment") else { return [] }
        var environment: [(name: String, value: String)] = []
        for member in variables.members {
            guard !member.name.isEmpty, !member.name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "=") }) else {
                throw variables.fault(member.name, "is no name of an environment variable")
            }
            switch member.value {
            case .string(let value) where !value.utf8.contains(0): environment.append((member.name, value))
            case .number(let number): environment.append((member.name, number.text))
            case .bool(let value): environment.append((member.name, value ? "true" : "false"))
            default: throw variables.fault(member.name, "must be a string without U+0000")
            }
        }
        return environment
    }

    private static func ports(_ reader: ParamsReader) throws(ResponseError) -> [String]? {
        guard let elements = try reader.array("ports") else { return nil }
        var ports: [String] = []
        for (index, element) in elements.enumerated() {
            switch element {
            case .string(let text): ports.append(text)
            case .number(let number) where number.int != nil: ports.append(number.text)
            default:
                throw .invalidParams(
                    path: "/ports/\(index)", reason: "must be a port number or a text such as 8080:3000")
            }
        }
        return ports
    }

    private static func buildSecrets(_ reader: ParamsReader) throws(ResponseError) -> [String: String] {
        guard let secrets = try reader.nested("buildSecrets") else { return [:] }
        var values: [String: String] = [:]
        for member in secrets.members {
            guard let value = member.value.stringValue else { throw secrets.fault(member.name, "must be a string") }
            values[member.name] = value
        }
        return values
    }

    private static func progressToken(_ meta: ParamsReader) throws(ResponseError) -> ProgressToken? {
        guard let value = meta.value("progressToken") else { return nil }
        guard let token = ProgressToken(value) else {
            throw meta.fault("progressToken", "must be a string or a number")
        }
        return token
    }
}

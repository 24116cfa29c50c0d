/// `initialize`: the optional handshake.
package struct InitializeParams: WireParams, Hashable {
    package static let method = WireMethod.initialize

    package struct ClientInfo: Sendable, Hashable {
        package var name: String
        package var version: String?
    }

    package enum OnDisconnect: String, Sendable, CaseIterable {
        case keep, stop
    }

    /// The protocols the client speaks; nil when it did not say.
    package var protocolVersions: [Int]?
    package var clientInfo: ClientInfo?
    /// The process whose end ends a stdio agent.
    package var processID: Int?
    package var onDisconnect: OnDisconnect

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(
            params, positional: ["protocolVersions", "clientInfo", "processId", "onDisconnect"])
        protocolVersions = try Self.versions(reader)
        clientInfo = try reader.nested("clientInfo").map { info throws(ResponseError) in
            ClientInfo(name: try info.requiredString("name"), version: try info.string("version"))
        }
        processID = try reader.int("processId", in: 1...Int(Int32.max))
        onDisconnect = try reader.choice("onDisconnect", as: OnDisconnect.self) ?? .keep
    }

    private static func versions(_ reader: ParamsReader) throws(ResponseError) -> [Int]? {
        guard let elements = try reader.array("protocolVersions") else { return nil }
        var versions: [Int] = []
        for (index, element) in elements.enumerated() {
            guard let version = element.intValue.flatMap(Int.init(exactly:)) else {
                throw .invalidParams(path: "\(reader.path("protocolVersions"))/\(index)", reason: "must be an integer")
            }
            versions.append(version)
        }
        return versions
    }
}

/// What the agent is and can do.
package struct InitializeResult: WireMessage {
    /// The only protocol there is so far.
    package static let protocolVersion = 1

    package struct Engine: WireMessage, Hashable {
        package var name: String
        package var version: String
        package var apiVersion: String

        package init(name: String, version: String, apiVersion: String) {
            self.name = name
            self.version = version
            self.apiVersion = apiVersion
        }

        package func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.member("name", name)
            writer.member("version", version)
            writer.member("apiVersion", apiVersion)
            writer.endObject()
        }
    }

    package var agentName = "runner-agent"
    package var agentVersion: String
    /// Nil when no engine has answered yet.
    package var engine: Engine?
    package var capabilities: JSONObject = Self.standardCapabilities
    package var limits: [(name: String, value: Int64)]

    package init(agentVersion: String, engine: Engine?, limits: [(name: String, value: Int64)]) {
        self.agentVersion = agentVersion
        self.engine = engine
        self.limits = limits
    }

    /// The methods the agent answers and the notifications it may send.
    package static let standardCapabilities: JSONObject = [
        "methods": .array(WireMethod.allCases.filter { $0.kind != .agentNotification }.map { .string($0.name) }),
        "notifications": .array(WireMethod.allCases.filter { $0.kind == .agentNotification }.map { .string($0.name) }),
        "batch": true,
    ]

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("protocolVersion", Self.protocolVersion)
        writer.key("agent")
        writer.beginObject()
        writer.member("name", agentName)
        writer.member("version", agentVersion)
        writer.endObject()
        writer.key("engine")
        if let engine { engine.write(to: &writer) } else { writer.null() }
        writer.key("capabilities")
        capabilities.write(to: &writer)
        writer.member("limits", limits)
        writer.endObject()
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ values: [(name: String, value: Int64)]) {
        key(name)
        beginObject()
        for value in values { member(value.name, value.value) }
        endObject()
    }
}

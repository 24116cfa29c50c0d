/// `$/progress`: how a start comes along, for the client that gave a progress token.
package struct ProgressNotification: WireNotification {
    package static let method = WireMethod.progress

    package enum Kind: String, Sendable, CaseIterable {
        case begin, report, end
    }

    package var token: ProgressToken
    package var kind: Kind
    package var phase: WirePhase?
    package var message: String
    package var current: Int64?
    package var total: Int64?
    /// What `current` and `total` count, as in `bytes` or `steps`.
    package var unit: String?

    package init(token: ProgressToken, kind: Kind, phase: WirePhase?, message: String) {
        self.token = token
        self.kind = kind
        self.phase = phase
        self.message = message
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("token")
        token.value.write(to: &writer)
        writer.key("value")
        writer.beginObject()
        writer.member("kind", kind.rawValue)
        writer.member("phase", phase?.rawValue)
        writer.member("message", message)
        if let current { writer.member("current", current) }
        if let total { writer.member("total", total) }
        writer.member("unit", unit)
        writer.endObject()
        writer.endObject()
    }
}

/// The string or number by which a client knows its progress notifications.
package struct ProgressToken: Sendable, Hashable {
    let value: JSONValue

    /// Nil when the value is no string or number.
    package init?(_ value: JSONValue) {
        switch value {
        case .string, .number: self.value = value
        default: return nil
        }
    }
}

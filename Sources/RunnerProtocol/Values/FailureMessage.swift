/// Why a start or a call failed: `failure` of an instance, and `data` of a JSON-RPC error.
package struct FailureMessage: WireMessage {
    package var code: DomainErrorCode
    package var phase: WirePhase?
    package var message: String
    package var hint: String?
    package var retryable: Bool
    package var retryAfterMs: Int64?
    package var step: String?
    package var exitCode: Int?
    package var oomKilled: Bool?
    package var lastProbe: String?
    /// The newest log lines, oldest first; left out when empty.
    package var logTail: [String] = []
    /// Faults of the config; left out when empty.
    package var diagnostics: [DiagnosticMessage] = []
    /// Further facts, such as `member`, `limit`, `holder` or `retryAt`; a name used above is dropped.
    package var details: [(name: String, value: String)] = []
    package var instanceID: String?

    package init(code: DomainErrorCode, message: String, retryable: Bool = false) {
        self.code = code
        self.message = message
        self.retryable = retryable
    }

    package var object: JSONObject {
        var object: JSONObject = ["code": .string(code.rawValue)]
        object.append("phase", ifPresent: phase.map { .string($0.rawValue) })
        object.append("message", .string(message))
        object.append("hint", ifPresent: hint.map(JSONValue.string))
        object.append("retryable", .bool(retryable))
        object.append("retryAfterMs", ifPresent: retryAfterMs.map { .int($0) })
        object.append("step", ifPresent: step.map(JSONValue.string))
        object.append("exitCode", ifPresent: exitCode.map { .int($0) })
        object.append("oomKilled", ifPresent: oomKilled.map(JSONValue.bool))
        object.append("lastProbe", ifPresent: lastProbe.map(JSONValue.string))
        if !logTail.isEmpty { object.append("logTail", .array(logTail.map(JSONValue.string))) }
        if !diagnostics.isEmpty { object.append("diagnostics", .array(diagnostics.map { .object($0.object) })) }
        object.append("instanceId", ifPresent: instanceID.map(JSONValue.string))
        for detail in details where object[detail.name] == nil {
            object.append(detail.name, .string(detail.value))
        }
        return object
    }

    package func write(to writer: inout JSONWriter) {
        object.write(to: &writer)
    }

    /// The failure as the answer of a request: `-32800` for a cancelled one, else `-32000`.
    package var responseError: ResponseError {
        ResponseError(code: code == .cancelled ? .cancelled : .domain, message: message, data: object)
    }
}

/// One fault in a file, with its place.
package struct DiagnosticMessage: WireMessage, Hashable {
    /// Counted from 1.
    package var line: Int
    /// Counted from 1.
    package var column: Int
    /// The key path, as in `runner.ports[0]`.
    package var path: String
    package var message: String

    package init(line: Int, column: Int, path: String, message: String) {
        self.line = line
        self.column = column
        self.path = path
        self.message = message
    }

    package var object: JSONObject {
        ["line": .int(line), "column": .int(column), "path": .string(path), "message": .string(message)]
    }

    package func write(to writer: inout JSONWriter) {
        object.write(to: &writer)
    }
}

/// The `error` of one answer; never the end of the connection.
package struct ResponseError: Error, Sendable, Hashable {
    package var code: ErrorCode
    package var message: String
    /// An object when present.
    package var data: JSONObject?

    package init(code: ErrorCode, message: String, data: JSONObject? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// `data.code`, where the error has one.
    package var domainCode: DomainErrorCode? {
        data?["code"]?.stringValue.map(DomainErrorCode.init(rawValue:))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("code")
        writer.int(code.rawValue)
        writer.key("message")
        writer.string(message)
        if let data {
            writer.key("data")
            data.write(to: &writer)
        }
        writer.endObject()
    }
}

extension ResponseError {
    package static func parseError(_ error: JSONSyntaxError) -> ResponseError {
        ResponseError(
            code: .parseError, message: "Parse error: \(error.reason)",
            data: ["reason": .string(error.reason), "offset": .int(error.offset)])
    }

    package static func invalidRequest(_ reason: String) -> ResponseError {
        ResponseError(code: .invalidRequest, message: "Invalid Request: \(reason)", data: ["reason": .string(reason)])
    }

    /// A line over the limit, answered with id null.
    package static func messageTooLarge(limitBytes: Int = WireLimits.lineBytes) -> ResponseError {
        ResponseError(
            code: .invalidRequest, message: "Invalid Request: a line may have \(limitBytes) bytes",
            data: ["code": "MESSAGE_TOO_LARGE", "retryable": false, "limit": .int(limitBytes)])
    }

    package static func batchTooLarge(limit: Int = WireLimits.batch) -> ResponseError {
        ResponseError(
            code: .invalidRequest, message: "Invalid Request: a batch may have \(limit) members",
            data: ["code": "BATCH_TOO_LARGE", "retryable": false, "limit": .int(limit)])
    }

    package static func methodNotFound(_ method: String) -> ResponseError {
        let shown = String(method.prefix(128))
        return ResponseError(
            code: .methodNotFound, message: "Method not found: \(shown)", data: ["method": .string(shown)])
    }

    /// `path` is the JSON pointer (RFC 6901) of the offending value inside `params`; empty for `params` itself.
    package static func invalidParams(path: String, reason: String) -> ResponseError {
        let place = path.isEmpty ? "params" : path
        return ResponseError(
            code: .invalidParams, message: "Invalid params: \(place): \(reason)",
            data: ["path": .string(path), "reason": .string(reason)])
    }

    /// An error of ours; `traceID` finds it in the agent's own log.
    package static func internalError(traceID: String? = nil) -> ResponseError {
        ResponseError(
            code: .internalError, message: "Internal error",
            data: traceID.map { ["traceId": .string($0)] })
    }

    /// The answer of a cancelled request; `instanceID` when it was a start that got as far as an instance.
    package static func cancelled(instanceID: String? = nil) -> ResponseError {
        var data: JSONObject = ["code": "CANCELLED", "retryable": false]
        data.append("instanceId", ifPresent: instanceID.map(JSONValue.string))
        return ResponseError(code: .cancelled, message: "Cancelled", data: data)
    }

    /// An error of the runner itself.
    package static func domain(
        _ code: DomainErrorCode, message: String, hint: String? = nil, retryable: Bool = false,
        retryAfterMs: Int64? = nil, extra: [(String, JSONValue)] = []
    ) -> ResponseError {
        var data: JSONObject = ["code": .string(code.rawValue)]
        data.append("hint", ifPresent: hint.map(JSONValue.string))
        data.append("retryable", .bool(retryable))
        data.append("retryAfterMs", ifPresent: retryAfterMs.map { .int($0) })
        for (name, value) in extra where data[name] == nil { data.append(name, value) }
        return ResponseError(code: .domain, message: message, data: data)
    }
}

/// `$/cancelRequest`: a notification that cancels every running request of this connection with that id.
package struct CancelParams: WireParams, Hashable {
    package static let method = WireMethod.cancelRequest

    package var requestID: RequestID

    package init(params: JSONValue?) throws(ResponseError) {
        requestID = try ParamsReader(params, positional: ["id"]).requestID("id")
    }
}

/// `notifications/cancelled`: the same under the name and member that MCP clients use.
package struct CancelledParams: WireParams, Hashable {
    package static let method = WireMethod.cancelled

    package var requestID: RequestID

    package init(params: JSONValue?) throws(ResponseError) {
        requestID = try ParamsReader(params, positional: ["requestId"]).requestID("requestId")
    }
}

extension ParamsReader {
    /// An id, in which null is a value.
    fileprivate func requestID(_ name: String) throws(ResponseError) -> RequestID {
        guard let value = members.first(where: { $0.name == name })?.value else { throw fault(name, "is required") }
        guard let id = RequestID(value) else { throw fault(name, "must be a string, a number or null") }
        return id
    }
}

/// A value the agent sends: a result, or the params of a notification.
package protocol WireMessage: Sendable {
    /// Writes the value as one JSON value.
    func write(to writer: inout JSONWriter)
}

/// A notification the agent sends.
package protocol WireNotification: WireMessage {
    static var method: WireMethod { get }
}

/// The params of one method a client calls.
package protocol WireParams: Sendable {
    static var method: WireMethod { get }

    /// Checks and takes the params; nil means absent. Throws `-32602` with the JSON pointer of the first fault.
    init(params: JSONValue?) throws(ResponseError)
}

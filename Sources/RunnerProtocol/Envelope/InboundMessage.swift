/// What one inbound line holds.
package enum InboundMessage: Sendable {
    case single(InboundItem)
    /// Members in order, at least one. They are answered in one array, or not at all when none has an answer.
    case batch([InboundItem])
}

package enum InboundItem: Sendable {
    case call(Call)
    /// No valid request; answered with this error.
    case invalid(id: RequestID, error: ResponseError)
    /// A response. The agent sends no requests, so it is counted and ignored.
    case response
}

/// A request or a notification.
package struct Call: Sendable {
    /// Nil for a notification, which is never answered.
    package let id: RequestID?
    package let method: String
    package let params: ParamsSlice

    package init(id: RequestID?, method: String, params: ParamsSlice = .absent) {
        self.id = id
        self.method = method
        self.params = params
    }

    /// The registered method of this name; nil for unknown names and for what only the agent sends.
    package var wireMethod: WireMethod? {
        guard let method = WireMethod(rawValue: method), method.kind != .agentNotification else { return nil }
        return method
    }
}

/// The `params` of a call: checked JSON text of an object or an array, parsed when asked for.
package struct ParamsSlice: Sendable {
    private let line: [UInt8]
    private let range: Range<Int>

    package static let absent = ParamsSlice(line: [], range: 0..<0)

    init(line: [UInt8], range: Range<Int>) {
        self.line = line
        self.range = range
    }

    /// The text as sent; empty when absent.
    ///
    /// `params: null` counts as absent.
    package var raw: ArraySlice<UInt8> { line[range] }

    /// The value; nil when absent.
    package func value() throws(ResponseError) -> JSONValue? {
        guard !range.isEmpty else { return nil }
        do {
            return try JSONReader.parse(line.span.extracting(range))
        } catch {
            throw .parseError(error)
        }
    }
}

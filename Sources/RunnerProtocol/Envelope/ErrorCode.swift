/// The `code` of a JSON-RPC error.
///
/// -32768 to -32000 is reserved by JSON-RPC; every error of the runner itself is `domain`, told apart by `data.code`.
package struct ErrorCode: RawRepresentable, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static let parseError = ErrorCode(rawValue: -32700)
    package static let invalidRequest = ErrorCode(rawValue: -32600)
    package static let methodNotFound = ErrorCode(rawValue: -32601)
    package static let invalidParams = ErrorCode(rawValue: -32602)
    package static let internalError = ErrorCode(rawValue: -32603)
    package static let cancelled = ErrorCode(rawValue: -32800)
    package static let domain = ErrorCode(rawValue: -32000)
}

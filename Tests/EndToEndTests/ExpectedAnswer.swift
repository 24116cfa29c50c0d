import RunnerProtocol

/// What one line of the agent must be, by the letter where the specification has letters.
indirect enum ExpectedAnswer: Sendable {
    /// A result, both id and result as JSON text.
    case result(id: String, String = "{}")
    /// An error of this code, for this id as JSON text; with `data.code` when given, or `data.path`.
    case error(Int64, id: String, code: String? = nil, path: String? = nil)
    /// One array of these, in any order.
    case batch([ExpectedAnswer])

    static let ping = ExpectedAnswer.result(id: "1")

    static func parseError(id: String = "null") -> ExpectedAnswer { .error(-32_700, id: id) }
    static func invalidRequest(id: String = "null") -> ExpectedAnswer { .error(-32_600, id: id) }
    static func methodNotFound(id: String = "1") -> ExpectedAnswer { .error(-32_601, id: id) }
    static func invalidParams(_ path: String, id: String = "1") -> ExpectedAnswer {
        .error(-32_602, id: id, path: path)
    }

    func matches(_ line: String) -> Bool {
        switch self {
        case .result(let id, let result):
            return line == #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
        case .error(let code, let id, let domainCode, let path):
            guard line.hasPrefix(#"{"jsonrpc":"2.0","id":\#(id),"error":{"#), let message = Self.parse(line),
                let error = message["error"], error["code"]?.intValue == code, error["message"]?.stringValue != nil,
                error["data"]?.objectValue != nil
            else { return false }
            return (domainCode == nil || error["data"]?["code"]?.stringValue == domainCode)
                && (path == nil || error["data"]?["path"]?.stringValue == path)
        case .batch(let members):
            guard var rest = Self.parse(line)?.arrayValue?.map(\.text), rest.count == members.count else {
                return false
            }
            for member in members {
                guard let index = rest.firstIndex(where: member.matches) else { return false }
                rest.remove(at: index)
            }
            return true
        }
    }

    private static func parse(_ line: String) -> JSONValue? { try? JSONReader.parse(Array(line.utf8)) }
}

/// Where the members of one message lie in its line; nil when absent.
struct Envelope {
    private var version: Range<Int>?
    private var id: Range<Int>?
    private var method: Range<Int>?
    private var params: Range<Int>?
    private var hasOutcome = false
    private var isIDRepeated = false

    private enum Name {
        static let version = StringToken.packed("jsonrpc".utf8)
        static let id = StringToken.packed("id".utf8)
        static let method = StringToken.packed("method".utf8)
        static let params = StringToken.packed("params".utf8)
        static let result = StringToken.packed("result".utf8)
        static let error = StringToken.packed("error".utf8)
    }

    private static let supportedVersion = StringToken.packed("2.0".utf8)

    mutating func set(_ name: StringToken, _ value: Range<Int>, _ bytes: Span<UInt8>) {
        switch name.packed(bytes) {
        case Name.version: version = value
        case Name.id: id = value
        case Name.method: method = value
        case Name.params: params = value
        case Name.result, Name.error: hasOutcome = true
        default: break
        }
    }

    /// Notes that a member has come twice: an id that did is none to answer with.
    mutating func noteRepeated(_ name: StringToken, _ bytes: Span<UInt8>) {
        if name.packed(bytes) == Name.id { isIDRepeated = true }
    }

    /// Judges the message.
    ///
    /// An invalid one is answered with its id as far as that is well-formed, else with null.
    func item(
        line: [UInt8], _ bytes: Span<UInt8>, duplicate: JSONSyntaxError?, limits: InboundLimits
    ) -> InboundItem {
        let requestID = id.flatMap { Self.requestID($0, bytes, limit: limits.idBytes) }
        func invalid(_ reason: String) -> InboundItem {
            .invalid(id: isIDRepeated ? .null : requestID ?? .null, error: .invalidRequest(reason))
        }
        if let duplicate { return invalid("\(duplicate.reason), at byte \(duplicate.offset)") }
        if method == nil, hasOutcome { return .response }
        guard let version, Self.string(version, bytes)?.packed(bytes) == Self.supportedVersion else {
            return invalid(#"jsonrpc must be "2.0""#)
        }
        if id != nil, requestID == nil {
            return invalid("id must be a string, a number or null of at most \(limits.idBytes) bytes")
        }
        guard let method, let name = Self.string(method, bytes) else { return invalid("method must be a string") }
        guard let params = Self.params(params, line, bytes) else {
            return invalid("params must be an object or an array")
        }
        return .call(Call(id: requestID, method: name.string(bytes), params: params))
    }

    private static func requestID(_ range: Range<Int>, _ bytes: Span<UInt8>, limit: Int) -> RequestID? {
        guard range.count <= limit else { return nil }
        switch bytes[range.lowerBound] {
        case ASCII.quote, ASCII.minus, ASCII.zero...ASCII.nine, UInt8(ascii: "n"):
            return RequestID(scanned: String(scanned: bytes, range))
        default:
            return nil
        }
    }

    private static func string(_ range: Range<Int>, _ bytes: Span<UInt8>) -> StringToken? {
        guard bytes[range.lowerBound] == ASCII.quote else { return nil }
        var isEscaped = false
        for index in range where bytes[index] == ASCII.backslash {
            isEscaped = true
            break
        }
        return StringToken(start: range.lowerBound + 1, end: range.upperBound - 1, isEscaped: isEscaped)
    }

    /// The params as far as they are of a kind the envelope allows; nil otherwise.
    private static func params(_ range: Range<Int>?, _ line: [UInt8], _ bytes: Span<UInt8>) -> ParamsSlice? {
        guard let range else { return .absent }
        switch bytes[range.lowerBound] {
        case ASCII.openBrace, ASCII.openBracket: return ParamsSlice(line: line, range: range)
        case UInt8(ascii: "n"): return .absent
        default: return nil
        }
    }
}

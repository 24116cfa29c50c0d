/// The status line and the fields of a final response.
struct ResponseHead: Sendable {
    let status: Int
    let headers: HTTPHeaders

    /// The declared length of the body, when there is exactly one number.
    var contentLength: Int64? {
        let lengths = headers.all("Content-Length")
        return lengths.count == 1 ? lengths.first.flatMap { Int64($0) } : nil
    }
}

/// Builds the head of the final response from header lines, one at a time, as libcurl delivers them.
///
/// Blocks of interim (1xx) responses are dropped; lines after the final head (trailers) are ignored.
struct ResponseHeadParser: Sendable {
    enum Event: Sendable {
        case more
        case complete(ResponseHead)
        case tooLarge
    }

    /// All header bytes of one transfer, interim responses and trailers included.
    static let limitBytes = 256 << 10

    private var status = 0
    private var headers = HTTPHeaders()
    private var receivedBytes = 0
    private var isComplete = false

    mutating func consume(line: UnsafeRawBufferPointer) -> Event {
        receivedBytes += line.count
        guard receivedBytes <= Self.limitBytes else { return .tooLarge }
        guard !isComplete else { return .more }
        let text = unsafe String(decoding: line, as: UTF8.self)
        let content = Self.trimmed(text.utf8[...])
        if content.isEmpty { return endOfBlock() }
        if content.starts(with: "HTTP/".utf8) {
            // "HTTP/1.1 200 OK"; libcurl has checked the line already.
            let parts = content.split(separator: UInt8(ascii: " "), maxSplits: 2)
            status = parts.count > 1 ? Int(Substring(parts[1])) ?? 0 : 0
            headers = HTTPHeaders()
        } else if let first = text.utf8.first, Self.isBlank(first) {
            headers.extendLast(with: String(Substring(content)))
        } else if let colon = content.firstIndex(of: UInt8(ascii: ":")) {
            let name = Self.trimmed(content[..<colon])
            let value = Self.trimmed(content[content.index(after: colon)...])
            headers.add(String(Substring(name)), String(Substring(value)))
        }
        return .more
    }

    private mutating func endOfBlock() -> Event {
        if (100...199).contains(status) { return .more }
        isComplete = true
        return .complete(ResponseHead(status: status, headers: headers))
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text
        while let first = text.first, isBlank(first) { text = text.dropFirst() }
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\n")
    }
}

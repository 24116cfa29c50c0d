import Glibc

/// A request as a fake engine reads it from a socket.
struct HTTPRequestText {
    var method: String
    /// Percent-decoded, without the API version.
    var segments: [String]
    var query: [String: String]
    var body: [UInt8]

    static func read(from connection: Int32) -> HTTPRequestText? {
        var bytes: [UInt8] = []
        var end = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        while end == nil {
            guard readMore(connection, &bytes) else { return nil }
            end = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        }
        guard let end else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        var body = Array(bytes[end.upperBound...])
        let lower = head.lowercased()
        if let field = lower.firstRange(of: "content-length: ") {
            let length = Int(lower[field.upperBound...].prefix { $0.isNumber }) ?? 0
            while body.count < length { guard readMore(connection, &body) else { return nil } }
        } else if lower.contains("transfer-encoding: chunked") {
            while !body.suffix(5).elementsEqual("0\r\n\r\n".utf8) {
                guard readMore(connection, &body) else { return nil }
            }
        }
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count == 3 else { return nil }
        let parts = words[1].split(separator: "?", maxSplits: 1)
        var segments = (parts.first ?? "").split(separator: "/").map { decode($0) }
        if segments.first?.hasPrefix("v1.") == true { segments.removeFirst() }
        let pairs = (parts.dropFirst().first ?? "").split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
        return HTTPRequestText(
            method: String(words[0]), segments: segments,
            query: Dictionary(pairs.map { (String($0[0]), $0.count > 1 ? decode($0[1]) : "") }) { $1 }, body: body)
    }

    private static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func readMore(_ connection: Int32, _ bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe Glibc.read(connection, &buffer, buffer.count)
        guard count > 0 else { return false }
        bytes += buffer[..<count]
        return true
    }
}

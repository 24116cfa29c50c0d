/// The bytes that stay as they are in one part of a URL (RFC 3986).
package struct PercentEncodingSet: Sendable {
    /// One name or value of a query: only unreserved characters stay, so `+`, `&` and `=` are data.
    package static let query = PercentEncodingSet(adding: "")
    /// One segment of a path: `/` is encoded.
    package static let pathSegment = PercentEncodingSet(adding: ":@!$&'()*+,;=")
    /// A path of several segments: `/` stays.
    package static let path = PercentEncodingSet(adding: "/:@!$&'()*+,;=")

    private let isAllowed: [Bool]

    private init(adding extra: String) {
        let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        var isAllowed = [Bool](repeating: false, count: 256)
        for byte in (unreserved + extra).utf8 { isAllowed[Int(byte)] = true }
        self.isAllowed = isAllowed
    }

    func contains(_ byte: UInt8) -> Bool { isAllowed[Int(byte)] }
}

/// Replaces every byte of the UTF-8 text outside `allowed` by `%XX`.
package func percentEncode(_ text: String, allowed: PercentEncodingSet = .query) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var encoded: [UInt8] = []
    encoded.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
        if allowed.contains(byte) {
            encoded.append(byte)
        } else {
            encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}

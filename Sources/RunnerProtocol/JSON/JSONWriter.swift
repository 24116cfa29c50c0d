/// Compact JSON text in one growing buffer.
///
/// Commas need no state: one is due unless the last byte opens a container, ends a key or ends a line. Keeping the order
/// of calls a valid document is the caller's part.
package struct JSONWriter: Sendable {
    package var bytes: [UInt8] = []

    package init(reserving capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func beginObject() {
        separate()
        bytes.append(ASCII.openBrace)
    }

    package mutating func endObject() {
        bytes.append(ASCII.closeBrace)
    }

    package mutating func beginArray() {
        separate()
        bytes.append(ASCII.openBracket)
    }

    package mutating func endArray() {
        bytes.append(ASCII.closeBracket)
    }

    package mutating func key(_ name: String) {
        string(name)
        bytes.append(ASCII.colon)
    }

    package mutating func null() { raw("null") }

    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    package mutating func number(_ value: JSONNumber) { raw(value.text) }

    package mutating func int(_ value: some FixedWidthInteger & SignedInteger) {
        separate()
        if value < 0 { bytes.append(ASCII.minus) }
        digits(UInt64(value.magnitude))
    }

    /// Appends text that is JSON already.
    package mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
    }

    /// Appends bytes that are JSON already.
    package mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Ends a message.
    package mutating func newline() {
        bytes.append(ASCII.newline)
    }

    /// Appends the comma that a further element needs.
    mutating func separate() {
        guard let last = bytes.last else { return }
        switch last {
        case ASCII.openBrace, ASCII.openBracket, ASCII.colon, ASCII.newline: return
        default: bytes.append(ASCII.comma)
        }
    }

    /// Appends decimal digits without a `String` in between.
    mutating func digits(_ value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        var rest = value
        while divisor > 0 {
            bytes.append(ASCII.zero + UInt8(rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }
}

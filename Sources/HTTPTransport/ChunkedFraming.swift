/// Watches the raw bytes of a chunked body for its end (RFC 9112, 7.1).
///
/// libcurl decodes and checks the body itself but does not say whether the last chunk has arrived. That matters when
/// the peer answers completely and then closes a connection on which we were still sending.
struct ChunkedFraming: Sendable {
    private enum Position: Sendable {
        case size
        /// The rest of the line with the size.
        case afterSize
        /// This many bytes of data and their line break are left.
        case data(Int)
        /// In the lines after the last chunk; an empty one ends the body.
        case trailer(isEmptyLine: Bool)
        case end
    }

    private var position = Position.size
    private var size = 0

    var isAtEnd: Bool {
        if case .end = position { true } else { false }
    }

    mutating func consume(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count {
            if case .data(let left) = position {
                let skipped = min(left, bytes.count - index)
                index += skipped
                position = skipped == left ? .size : .data(left - skipped)
            } else {
                unsafe consume(bytes[index])
                index += 1
            }
        }
    }

    private mutating func consume(_ byte: UInt8) {
        let isLineEnd = byte == UInt8(ascii: "\n")
        switch position {
        case .size where isLineEnd, .afterSize where isLineEnd:
            position = size == 0 ? .trailer(isEmptyLine: true) : .data(size + 2)
            size = 0
        case .size:
            if let digit = Character(Unicode.Scalar(byte)).hexDigitValue, size < Int.max >> 8 {
                size = size << 4 | digit
            } else {
                position = .afterSize
            }
        case .trailer(let isEmptyLine):
            if isLineEnd {
                position = isEmptyLine ? .end : .trailer(isEmptyLine: true)
            } else {
                position = .trailer(isEmptyLine: isEmptyLine && byte == UInt8(ascii: "\r"))
            }
        case .afterSize, .data, .end:
            break
        }
    }
}

/// A position in JSON text that moves over one grammar element at a time.
///
/// The bytes are a parameter of every call, always the same ones: a stored `Span` would need an experimental feature. The
/// grammar is RFC 8259 without extensions. A repeated member name is remembered, not thrown, because text after it may
/// still show that the line is no JSON at all, which is the more basic answer.
struct JSONScanner {
    private(set) var offset: Int
    /// The first repeated member name met so far.
    private(set) var duplicate: JSONSyntaxError?
    private let maximumDepth: Int

    init(offset: Int = 0, maximumDepth: Int) {
        self.offset = offset
        self.maximumDepth = maximumDepth
    }

    func error(_ reason: String, kind: JSONSyntaxError.Kind = .syntax) -> JSONSyntaxError {
        JSONSyntaxError(kind: kind, offset: offset, reason: reason)
    }

    @inline(__always)
    mutating func skipWhitespace(_ bytes: Span<UInt8>) {
        while offset < bytes.count {
            switch bytes[offset] {
            case ASCII.space, ASCII.tab, ASCII.newline, ASCII.carriageReturn: offset += 1
            default: return
            }
        }
    }

    /// The next byte that is no white space, not consumed; nil at the end.
    @inline(__always)
    mutating func peek(_ bytes: Span<UInt8>) -> UInt8? {
        skipWhitespace(bytes)
        return offset < bytes.count ? bytes[offset] : nil
    }

    /// Moves over the byte that `peek` showed.
    mutating func advance() { offset += 1 }

    @inline(__always)
    mutating func consume(_ byte: UInt8, _ bytes: Span<UInt8>, else reason: String) throws(JSONSyntaxError) {
        guard peek(bytes) == byte else { throw error(reason) }
        offset += 1
    }

    mutating func expectEnd(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard peek(bytes) == nil else { throw error("text after the value") }
    }

    func checkDepth(_ depth: Int) throws(JSONSyntaxError) {
        guard depth <= maximumDepth else { throw error("nested too deep", kind: .depth) }
    }

    mutating func noteDuplicate(at offset: Int) {
        guard duplicate == nil else { return }
        duplicate = JSONSyntaxError(kind: .duplicateKey, offset: offset, reason: "member name used twice")
    }

    /// Starts over, for the next member of a batch.
    mutating func forgetDuplicate() { duplicate = nil }

    /// Moves over one value of any kind, checking all of it.
    ///
    /// `depth` counts the containers around the value.
    mutating func skipValue(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) {
        guard let first = peek(bytes) else { throw error("value missing") }
        switch first {
        case ASCII.quote: _ = try scanString(bytes)
        case ASCII.openBrace: try skipObject(bytes, depth: depth + 1)
        case ASCII.openBracket: try skipArray(bytes, depth: depth + 1)
        case ASCII.minus, ASCII.zero...ASCII.nine: _ = try scanNumber(bytes)
        default: _ = try scanLiteral(bytes)
        }
    }

    private mutating func skipObject(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) {
        try checkDepth(depth)
        advance()
        var names = MemberNames()
        guard peek(bytes) != ASCII.closeBrace else { return advance() }
        while true {
            let name = try scanName(bytes)
            if !names.insert(name, bytes) { noteDuplicate(at: name.start) }
            try skipValue(bytes, depth: depth)
            guard try continues(bytes, until: ASCII.closeBrace) else { return }
        }
    }

    private mutating func skipArray(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) {
        try checkDepth(depth)
        advance()
        guard peek(bytes) != ASCII.closeBracket else { return advance() }
        repeat {
            try skipValue(bytes, depth: depth)
        } while try continues(bytes, until: ASCII.closeBracket)
    }

    /// Moves over a member name and its colon.
    mutating func scanName(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> StringToken {
        guard peek(bytes) == ASCII.quote else { throw error("member name missing") }
        let name = try scanString(bytes)
        try consume(ASCII.colon, bytes, else: "':' missing after a member name")
        return name
    }

    /// Moves over the `,` before a further element and answers true, or over `close` and answers false.
    @inline(__always)
    mutating func continues(_ bytes: Span<UInt8>, until close: UInt8) throws(JSONSyntaxError) -> Bool {
        let byte = peek(bytes)
        guard byte == ASCII.comma || byte == close else { throw error("',' or the closing bracket missing") }
        advance()
        return byte == ASCII.comma
    }

    /// Moves over `true`, `false` or `null`; nil means `null`.
    mutating func scanLiteral(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> Bool? {
        if try scanWord("true", bytes) { return true }
        if try scanWord("false", bytes) { return false }
        if try scanWord("null", bytes) { return nil }
        throw error("no JSON value starts here")
    }

    private mutating func scanWord(_ word: String, _ bytes: Span<UInt8>) throws(JSONSyntaxError) -> Bool {
        let count = word.utf8.count
        guard offset + count <= bytes.count else { return false }
        var index = offset
        for byte in word.utf8 {
            guard bytes[index] == byte else { return false }
            index += 1
        }
        offset += count
        return true
    }

    /// Moves over a number and answers where its text is.
    mutating func scanNumber(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> Range<Int> {
        let start = offset
        if bytes[offset] == ASCII.minus { offset += 1 }
        if offset < bytes.count, bytes[offset] == ASCII.zero {
            offset += 1
        } else {
            try scanDigits(bytes)
        }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try scanDigits(bytes)
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == ASCII.minus { offset += 1 }
            try scanDigits(bytes)
        }
        return start..<offset
    }

    private mutating func scanDigits(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        let start = offset
        while offset < bytes.count, ASCII.isDigit(bytes[offset]) { offset += 1 }
        guard offset > start else { throw error("digit missing in a number") }
    }

    /// Moves over a string and answers where its content is.
    ///
    /// The offset must be at the opening quote.
    mutating func scanString(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> StringToken {
        offset += 1
        var token = StringToken(start: offset, end: offset, isEscaped: false)
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == ASCII.quote {
                token.end = offset
                offset += 1
                return token
            }
            if byte == ASCII.backslash {
                token.isEscaped = true
                try scanEscape(bytes)
            } else if byte < 0x20 {
                throw error("control character in a string")
            } else if byte < 0x80 {
                offset += 1
            } else {
                let length = UTF8Sequence.length(in: bytes, at: offset)
                guard length > 0 else { throw error("invalid UTF-8") }
                offset += length
            }
        }
        throw error("string has no end")
    }

    private mutating func scanEscape(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard offset + 1 < bytes.count else { throw error("string has no end") }
        switch bytes[offset + 1] {
        case ASCII.quote, ASCII.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            let unit = try scanCodeUnit(bytes)
            if UTF16.isTrailSurrogate(unit) { throw error("lone surrogate escape") }
            guard UTF16.isLeadSurrogate(unit) else { return }
            guard offset + 1 < bytes.count, bytes[offset] == ASCII.backslash, bytes[offset + 1] == UInt8(ascii: "u"),
                UTF16.isTrailSurrogate(try scanCodeUnit(bytes))
            else { throw error("lone surrogate escape") }
        default:
            throw error("unknown escape in a string")
        }
    }

    /// Moves over `\uXXXX`.
    private mutating func scanCodeUnit(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> UInt16 {
        guard let unit = StringToken.codeUnit(bytes, at: offset) else {
            throw error("four hex digits missing after \\u")
        }
        offset += 6
        return unit
    }
}

/// Decodes one line.
///
/// Every line gives a message: what is wrong with it is in the message.
package func decodeInbound(_ line: [UInt8], limits: InboundLimits = .standard) -> InboundMessage {
    var decoder = InboundDecoder(line: line, limits: limits)
    do {
        return try decoder.message(line.span)
    } catch {
        return .single(.invalid(id: .null, error: .parseError(error)))
    }
}

/// Finds the members of the envelope in one pass that also checks the grammar of the whole line.
private struct InboundDecoder {
    let line: [UInt8]
    let limits: InboundLimits
    var scanner: JSONScanner

    init(line: [UInt8], limits: InboundLimits) {
        self.line = line
        self.limits = limits
        scanner = JSONScanner(maximumDepth: limits.nesting)
    }

    mutating func message(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> InboundMessage {
        let message: InboundMessage
        if scanner.peek(bytes) == ASCII.openBracket {
            message = try batch(bytes)
        } else {
            message = .single(try item(bytes, depth: 0))
        }
        try scanner.expectEnd(bytes)
        return message
    }

    private mutating func batch(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> InboundMessage {
        try scanner.checkDepth(1)
        scanner.advance()
        guard scanner.peek(bytes) != ASCII.closeBracket else {
            scanner.advance()
            return .single(.invalid(id: .null, error: .invalidRequest("an empty batch")))
        }
        var items: [InboundItem] = []
        var count = 0
        repeat {
            count += 1
            let item = try item(bytes, depth: 1)
            if count <= limits.batch { items.append(item) }
        } while try scanner.continues(bytes, until: ASCII.closeBracket)
        guard count <= limits.batch else {
            return .single(.invalid(id: .null, error: .batchTooLarge(limit: limits.batch)))
        }
        return .batch(items)
    }

    private mutating func item(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) -> InboundItem {
        scanner.forgetDuplicate()
        guard scanner.peek(bytes) == ASCII.openBrace else {
            try scanner.skipValue(bytes, depth: depth)
            return .invalid(id: .null, error: .invalidRequest("a message is an object"))
        }
        var envelope = Envelope()
        try scan(into: &envelope, bytes, depth: depth + 1)
        return envelope.item(line: line, bytes, duplicate: scanner.duplicate, limits: limits)
    }

    private mutating func scan(
        into envelope: inout Envelope, _ bytes: Span<UInt8>, depth: Int
    ) throws(JSONSyntaxError) {
        try scanner.checkDepth(depth)
        scanner.advance()
        guard scanner.peek(bytes) != ASCII.closeBrace else { return scanner.advance() }
        var names = MemberNames()
        repeat {
            let name = try scanner.scanName(bytes)
            let isNew = names.insert(name, bytes)
            guard scanner.peek(bytes) != nil else { throw scanner.error("value missing") }
            let start = scanner.offset
            try scanner.skipValue(bytes, depth: depth)
            let value = start..<scanner.offset
            guard isNew else {
                scanner.noteDuplicate(at: name.start)
                envelope.noteRepeated(name, bytes)
                continue
            }
            envelope.set(name, value, bytes)
        } while try scanner.continues(bytes, until: ASCII.closeBrace)
    }
}

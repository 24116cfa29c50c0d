/// Strict JSON text to values: RFC 8259 in UTF-8, without extensions.
///
/// Refused: trailing commas, comments, a BOM, `NaN`, lone surrogate escapes, invalid UTF-8, raw control characters,
/// text after the value, nesting over the limit, and a member name used twice in one object.
package enum JSONReader {
    package static func parse(
        _ bytes: [UInt8], maximumDepth: Int = WireLimits.nesting
    ) throws(JSONSyntaxError) -> JSONValue {
        try parse(bytes.span, maximumDepth: maximumDepth)
    }

    package static func parse(
        _ bytes: Span<UInt8>, maximumDepth: Int = WireLimits.nesting
    ) throws(JSONSyntaxError) -> JSONValue {
        var builder = JSONBuilder(scanner: JSONScanner(maximumDepth: maximumDepth))
        let value = try builder.value(bytes, depth: 0)
        try builder.scanner.expectEnd(bytes)
        if let duplicate = builder.scanner.duplicate { throw duplicate }
        return value
    }
}

/// Builds values from what the scanner passes over.
private struct JSONBuilder {
    var scanner: JSONScanner

    mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard let first = scanner.peek(bytes) else { throw scanner.error("value missing") }
        switch first {
        case ASCII.quote: return .string(try scanner.scanString(bytes).string(bytes))
        case ASCII.openBrace: return try object(bytes, depth: depth + 1)
        case ASCII.openBracket: return try array(bytes, depth: depth + 1)
        case ASCII.minus, ASCII.zero...ASCII.nine:
            return .number(JSONNumber(scanned: String(scanned: bytes, try scanner.scanNumber(bytes))))
        default:
            guard let bool = try scanner.scanLiteral(bytes) else { return .null }
            return .bool(bool)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) -> JSONValue {
        try scanner.checkDepth(depth)
        scanner.advance()
        var object = JSONObject()
        var names = MemberNames()
        guard scanner.peek(bytes) != ASCII.closeBrace else {
            scanner.advance()
            return .object(object)
        }
        repeat {
            let name = try scanner.scanName(bytes)
            if !names.insert(name, bytes) { scanner.noteDuplicate(at: name.start) }
            object.append(name.string(bytes), try value(bytes, depth: depth))
        } while try scanner.continues(bytes, until: ASCII.closeBrace)
        return .object(object)
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) -> JSONValue {
        try scanner.checkDepth(depth)
        scanner.advance()
        var elements: [JSONValue] = []
        guard scanner.peek(bytes) != ASCII.closeBracket else {
            scanner.advance()
            return .array(elements)
        }
        repeat {
            elements.append(try value(bytes, depth: depth))
        } while try scanner.continues(bytes, until: ASCII.closeBracket)
        return .array(elements)
    }
}

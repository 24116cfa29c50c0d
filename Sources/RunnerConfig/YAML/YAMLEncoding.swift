/// What a text must be before libyaml sees it: small enough and UTF-8.
enum YAMLEncoding {
    /// The text without its byte order mark.
    static func text(_ bytes: [UInt8], limits: YAMLLimits) throws(YAMLSyntaxError) -> [UInt8] {
        guard bytes.count <= limits.textBytes else {
            let message = "the text has \(bytes.count) bytes; at most \(limits.textBytes) are accepted"
            throw YAMLSyntaxError(mark: .start, message: message)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw YAMLSyntaxError(mark: .start, message: "the text is UTF-16; only UTF-8 is accepted")
        }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        do {
            _ = try UTF8Span(validating: text.span)
        } catch {
            let mark = YAMLMark(ofByte: error.byteOffsets.lowerBound, in: text)
            throw YAMLSyntaxError(mark: mark, message: "not valid UTF-8")
        }
        return text
    }
}

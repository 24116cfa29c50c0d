import RunnerProtocol

/// One log record of the wire, for people; see `Protocol/schema/Record.json`.
struct LogLine {
    enum Stream {
        case stdout, stderr, agent
    }

    let stream: Stream
    let bytes: [UInt8]
    /// The line goes on in the next record of its stream.
    let isPartial: Bool
    /// Says what is missing, in place of a record.
    let gap: String?

    init(_ record: JSONValue) {
        stream =
            switch record["stream"]?.stringValue {
            case "stdout": .stdout
            case "stderr": .stderr
            default: .agent
            }
        // Text unless the bytes are no UTF-8.
        bytes = record["base64"]?.stringValue.map(Self.decoded) ?? Array((record["text"]?.stringValue ?? "").utf8)
        isPartial = record["partial"]?.boolValue ?? false
        gap = record["gap"].map { gap in
            let numbers = ["from", "to"].compactMap { gap[$0]?.intValue.map(String.init) }.joined(separator: " to ")
            return "records \(numbers) are missing: \(gap["reason"]?.stringValue ?? "no reason was given")"
        }
    }

    /// What to write; only raw bytes are those the component wrote.
    func text(raw: Bool) -> [UInt8] {
        if let gap { return Array("agent: \(PrintableText.line(gap))\n".utf8) }
        let shown = raw ? bytes : Array(PrintableText.line(String(decoding: bytes, as: UTF8.self)).utf8)
        let mark: [UInt8] = stream == .agent ? Array("agent: ".utf8) : []
        return mark + shown + (isPartial ? [] : [UInt8(ascii: "\n")])
    }

    /// RFC 4648, section 4; anything else ends it.
    private static func decoded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text.utf8 {
            guard let value = digit(character) else { break }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

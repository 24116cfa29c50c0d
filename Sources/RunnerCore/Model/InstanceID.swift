/// The id of one start of a component: a random UUID, for ever unique, never reused.
package struct InstanceID: Sendable, Hashable, CustomStringConvertible, Codable {
    /// Lower-case canonical text, `xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx`.
    package let description: String

    /// A new random id (RFC 9562, version 4).
    package init() {
        var bytes: [UInt8] = []
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2 {
            let word = random.next()
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append("-") }
            text += hexadecimal([byte])
        }
        description = text
    }

    /// Reads an id in any letter case; nil when the text is not a UUID.
    package init?(_ text: String) {
        let characters = Array(text.lowercased().utf8)
        guard characters.count == 36 else { return nil }
        for (index, character) in characters.enumerated() {
            switch (index, character) {
            case (8, UInt8(ascii: "-")), (13, UInt8(ascii: "-")), (18, UInt8(ascii: "-")), (23, UInt8(ascii: "-")):
                continue
            case (8, _), (13, _), (18, _), (23, _): return nil
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")), (_, UInt8(ascii: "a")...UInt8(ascii: "f")): continue
            default: return nil
            }
        }
        description = text.lowercased()
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = InstanceID(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a UUID"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// The part that goes into container names.
    var short: String { String(description.prefix(8)) }
}

/// Lower-case hexadecimal digits of `bytes`.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

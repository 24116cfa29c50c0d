/// The id of a request: a string, a number of any size or null, echoed byte for byte as sent.
///
/// Two ids are equal when they mean the same: number texts compare as text, strings compare after unescaping.
package struct RequestID: Sendable, CustomStringConvertible {
    /// The id's JSON text.
    let text: String

    init(scanned text: String) {
        self.text = text
    }

    package init(_ number: Int) {
        text = String(number)
    }

    package init(_ string: String) {
        text = String(decoding: JSONValue.string(string).serialized, as: UTF8.self)
    }

    /// Takes the id out of a parsed value; nil when it is no string, number or null.
    package init?(_ value: JSONValue) {
        switch value {
        case .null, .number, .string: text = String(decoding: value.serialized, as: UTF8.self)
        case .bool, .array, .object: return nil
        }
    }

    package static let null = RequestID(scanned: "null")

    /// The id's JSON text, as it is written into the answer.
    package var raw: [UInt8] { Array(text.utf8) }

    package var description: String { text }

    package func write(to writer: inout JSONWriter) {
        writer.raw(text)
    }

    /// The JSON text that every spelling of this id shares.
    private var canonical: String {
        let bytes = Array(text.utf8)
        guard bytes.contains(ASCII.backslash), let value = try? JSONReader.parse(bytes) else { return text }
        return String(decoding: value.serialized, as: UTF8.self)
    }
}

extension RequestID: Hashable {
    package static func == (left: RequestID, right: RequestID) -> Bool {
        left.canonical.utf8.elementsEqual(right.canonical.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in canonical.utf8 { hasher.combine(byte) }
    }
}

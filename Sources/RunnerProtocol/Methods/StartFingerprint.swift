/// The canonical text of a start's params, by which a repeated idempotency key is judged.
///
/// Members are sorted by name at every depth. Left out are absent and null members of the top level, `_meta` and the key
/// itself, which say nothing of what is started, and the values of secrets, because the text may be stored.
enum StartFingerprint {
    static func bytes(of members: [JSONObject.Member]) -> [UInt8] {
        var kept: [JSONObject.Member] = []
        for member in members where !member.value.isNull {
            switch member.name {
            case "_meta", "idempotencyKey", "credentials": continue
            case "buildSecrets": kept.append(JSONObject.Member(name: member.name, value: names(of: member.value)))
            default: kept.append(member)
            }
        }
        var writer = JSONWriter()
        write(kept, to: &writer)
        return writer.bytes
    }

    private static func names(of value: JSONValue) -> JSONValue {
        let names = value.objectValue?.members.map(\.name) ?? []
        return .array(names.sorted(by: precedes).map(JSONValue.string))
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private static func write(_ members: [JSONObject.Member], to writer: inout JSONWriter) {
        writer.beginObject()
        for member in members.sorted(by: { precedes($0.name, $1.name) }) {
            writer.key(member.name)
            write(member.value, to: &writer)
        }
        writer.endObject()
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value {
        case .object(let object): write(object.members, to: &writer)
        case .array(let elements): writer.array(elements) { write($1, to: &$0) }
        case .null, .bool, .number, .string: value.write(to: &writer)
        }
    }
}

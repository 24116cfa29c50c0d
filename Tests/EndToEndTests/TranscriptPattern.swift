import RunnerProtocol

/// What an agent line of a transcript must be: a JSON value in which some strings stand for values.
///
/// `"$any"`, `"$int"`, `"$text"` and `"$time"` are values of that kind. Any other `"$name"` is whatever stood in its first place,
/// and the same everywhere after. `"..."` as a member or as the last element allows more; `{"$unordered": [...]}` is an array
/// in any order.
struct TranscriptPattern: Sendable, CustomStringConvertible {
    typealias Bindings = [String: JSONValue]

    let value: JSONValue
    let description: String

    init(_ text: String) throws {
        value = try JSONReader.parse(Array(text.utf8))
        description = text
    }

    /// The bindings after a match; nil when `actual` is something else.
    func match(_ actual: JSONValue, _ bindings: Bindings) -> Bindings? {
        var bindings = bindings
        return Self.matches(value, actual, &bindings) ? bindings : nil
    }

    /// A client line with each bound `"$name"` replaced by its value.
    static func fill(_ line: String, _ bindings: Bindings) -> String {
        var line = line
        for (name, value) in bindings { line = line.replacing("\"$\(name)\"", with: value.text) }
        return line
    }

    private static func matches(_ pattern: JSONValue, _ actual: JSONValue, _ bindings: inout Bindings) -> Bool {
        switch pattern {
        case .string(let text) where text.hasPrefix("$"):
            matchesPlaceholder(String(text.dropFirst()), actual, &bindings)
        case .object(let object):
            if let elements = object["$unordered"]?.arrayValue {
                matchesUnordered(elements, actual.arrayValue, &bindings)
            } else {
                matchesObject(object, actual.objectValue, &bindings)
            }
        case .array(let elements): matchesArray(elements, actual.arrayValue, &bindings)
        default: pattern == actual
        }
    }

    private static func matchesPlaceholder(_ name: String, _ actual: JSONValue, _ bindings: inout Bindings) -> Bool {
        switch name {
        case "any": return true
        case "int": return actual.intValue != nil
        case "text": return actual.stringValue != nil
        case "time":
            return actual.stringValue?.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil
        default:
            if let bound = bindings[name] { return bound == actual }
            bindings[name] = actual
            return true
        }
    }

    private static func matchesObject(_ pattern: JSONObject, _ actual: JSONObject?, _ bindings: inout Bindings) -> Bool
    {
        guard let actual else { return false }
        let isOpen = pattern["..."] != nil
        let wanted = pattern.members.filter { $0.name != "..." }
        guard isOpen || actual.count == wanted.count else { return false }
        for member in wanted {
            guard let value = actual[member.name], matches(member.value, value, &bindings) else { return false }
        }
        return true
    }

    private static func matchesArray(_ pattern: [JSONValue], _ actual: [JSONValue]?, _ bindings: inout Bindings) -> Bool
    {
        guard let actual else { return false }
        let isOpen = pattern.last == "..."
        let wanted = isOpen ? pattern.dropLast() : pattern[...]
        guard isOpen ? actual.count >= wanted.count : actual.count == wanted.count else { return false }
        return zip(wanted, actual).allSatisfy { matches($0, $1, &bindings) }
    }

    /// The first arrangement found is taken: patterns of one array are told apart by their ids.
    private static func matchesUnordered(
        _ pattern: [JSONValue], _ actual: [JSONValue]?, _ bindings: inout Bindings
    ) -> Bool {
        guard var rest = actual, rest.count == pattern.count else { return false }
        for wanted in pattern {
            var matched: (index: Int, bindings: Bindings)?
            for (index, value) in rest.enumerated() where matched == nil {
                var attempt = bindings
                if matches(wanted, value, &attempt) { matched = (index, attempt) }
            }
            guard let matched else { return false }
            rest.remove(at: matched.index)
            bindings = matched.bindings
        }
        return true
    }
}

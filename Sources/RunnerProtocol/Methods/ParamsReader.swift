/// Takes typed values out of `params`, or says with a JSON pointer why it cannot.
///
/// `null` counts as absent. Params by position are given the names of the documented order first; pointers then name the
/// position the client wrote.
struct ParamsReader {
    private let object: JSONObject
    private let parentPath: String
    private let positions: [String]

    /// Reads params given by name, or by position in the order of `names`.
    init(_ params: JSONValue?, positional names: [String]) throws(ResponseError) {
        parentPath = ""
        switch params {
        case nil, .null?:
            (object, positions) = (JSONObject(), [])
        case .object(let object)?:
            (self.object, positions) = (object, [])
        case .array(let values)?:
            guard values.count <= names.count else {
                throw .invalidParams(path: "/\(names.count)", reason: "at most \(names.count) positional params")
            }
            object = JSONObject(Array(zip(names, values)))
            positions = names
        case .bool?, .number?, .string?:
            throw .invalidParams(path: "", reason: "must be an object or an array")
        }
    }

    /// Reads params given by name alone.
    init(byName params: JSONValue?) throws(ResponseError) {
        if case .array? = params { throw .invalidParams(path: "", reason: "params by position are not taken here") }
        try self.init(params, positional: [])
    }

    private init(_ object: JSONObject, path: String) {
        self.object = object
        parentPath = path
        positions = []
    }

    var isByPosition: Bool { !positions.isEmpty }

    var members: [JSONObject.Member] { object.members }

    func path(_ name: String) -> String {
        if let position = positions.firstIndex(of: name) { return "/\(position)" }
        return "\(parentPath)/\(JSONPointer.escape(name))"
    }

    func fault(_ name: String, _ reason: String) -> ResponseError {
        .invalidParams(path: path(name), reason: reason)
    }

    /// Refuses the params as a whole.
    func fault(_ reason: String) -> ResponseError {
        .invalidParams(path: parentPath, reason: reason)
    }

    func value(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    func string(_ name: String) throws(ResponseError) -> String? {
        guard let value = value(name) else { return nil }
        guard let string = value.stringValue else { throw fault(name, "must be a string") }
        return string
    }

    /// A string that is not empty, has no NUL and at most `limit` bytes.
    func text(_ name: String, limit: Int = 4096) throws(ResponseError) -> String? {
        guard let string = try string(name) else { return nil }
        guard !string.isEmpty else { throw fault(name, "must not be empty") }
        guard string.utf8.count <= limit else { throw fault(name, "may have \(limit) bytes") }
        guard !string.utf8.contains(0) else { throw fault(name, "must not hold U+0000") }
        return string
    }

    func requiredString(_ name: String) throws(ResponseError) -> String {
        guard let string = try string(name) else { throw fault(name, "is required") }
        return string
    }

    func bool(_ name: String) throws(ResponseError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let bool = value.boolValue else { throw fault(name, "must be true or false") }
        return bool
    }

    func int(_ name: String, in range: ClosedRange<Int>) throws(ResponseError) -> Int? {
        guard let value = value(name) else { return nil }
        guard case .number(let number) = value else { throw fault(name, "must be an integer") }
        guard let wide = number.int, let int = Int(exactly: wide), range.contains(int) else {
            let bounds =
                range.upperBound == .max
                ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw fault(name, "must be an integer \(bounds)")
        }
        return int
    }

    func choice<Choice: WireChoice>(_ name: String, as type: Choice.Type) throws(ResponseError) -> Choice? {
        guard let value = value(name) else { return nil }
        guard let choice = value.stringValue.flatMap(Choice.init(rawValue:)) else {
            throw fault(name, "must be one of \(Choice.list)")
        }
        return choice
    }

    func choices<Choice: WireChoice>(_ name: String, as type: Choice.Type) throws(ResponseError) -> [Choice]? {
        guard let elements = try array(name) else { return nil }
        var choices: [Choice] = []
        for (index, element) in elements.enumerated() {
            guard let choice = element.stringValue.flatMap(Choice.init(rawValue:)) else {
                throw .invalidParams(path: "\(path(name))/\(index)", reason: "must be one of \(Choice.list)")
            }
            choices.append(choice)
        }
        return choices
    }

    func array(_ name: String) throws(ResponseError) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let array = value.arrayValue else { throw fault(name, "must be an array") }
        return array
    }

    func objectValue(_ name: String) throws(ResponseError) -> JSONObject? {
        guard let value = value(name) else { return nil }
        guard let object = value.objectValue else { throw fault(name, "must be an object") }
        return object
    }

    /// A reader of the object in a member.
    func nested(_ name: String) throws(ResponseError) -> ParamsReader? {
        guard let object = try objectValue(name) else { return nil }
        return ParamsReader(object, path: path(name))
    }

    func time(_ name: String) throws(ResponseError) -> WireTime? {
        guard let string = try string(name) else { return nil }
        guard let time = WireTime(string) else { throw fault(name, "must be a time such as 2026-01-02T03:04:05.123Z") }
        return time
    }

    /// Refuses a member that is not in `known`; `_meta` is always let through.
    func refuseUnknown(_ known: [String]) throws(ResponseError) {
        guard !isByPosition else { return }
        for member in object.members where member.name != "_meta" && !known.contains(member.name) {
            throw fault(member.name, "is not a member known here")
        }
    }
}

/// A closed set of strings on the wire.
typealias WireChoice = CaseIterable & RawRepresentable<String>

extension CaseIterable where Self: RawRepresentable<String> {
    fileprivate static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// RFC 6901.
enum JSONPointer {
    static func escape(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        return name.reduce(into: "") { escaped, character in
            switch character {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.append(character)
            }
        }
    }
}

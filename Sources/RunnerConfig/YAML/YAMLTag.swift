/// The tags a text may use: those of the core schema.
enum YAMLTag {
    private static let prefix = "tag:yaml.org,2002:"

    /// The value of a scalar by its tag; nil when the tag is unknown or the text does not fit it.
    static func value(of text: String, isPlain: Bool, tag: String?) -> YAMLValue? {
        guard let tag else { return isPlain ? YAMLValue(resolving: text) : .string(text) }
        if tag == "!" || tag == prefix + "str" { return .string(text) }
        let value = YAMLValue(resolving: text)
        switch (tag, value) {
        case (prefix + "null", .null), (prefix + "bool", .bool), (prefix + "float", .number): return value
        case (prefix + "int", .number(let number)) where number.wholeNumber != nil: return value
        default: return nil
        }
    }

    static func isSequence(_ tag: String?) -> Bool {
        tag == nil || tag == "!" || tag == prefix + "seq"
    }

    static func isMapping(_ tag: String?) -> Bool {
        tag == nil || tag == "!" || tag == prefix + "map"
    }

    static let problem =
        "the tag does not fit this value; accepted: !!str, !!int, !!float, !!bool, !!null, !!seq, !!map"
}

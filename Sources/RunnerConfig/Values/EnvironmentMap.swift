/// Mappings of names to texts: environment, build arguments, labels.
enum EnvironmentMap {
    static let limit = 256

    /// Bytes of one value that comes from elsewhere than a text; Linux takes 128 KiB for name and value.
    static let valueLimit = 64 * 1024

    /// Names that the agent's own labels begin with.
    static let reservedLabelPrefix = "dev.runner-agent."

    /// Reads the entries in the order of the text.
    static func read(_ field: ConfigField, name check: (String) throws(ConfigValueError) -> Void) -> [EnvironmentEntry]?
    {
        field.entries(limit: limit)?.compactMap { key, value in
            let name = key.accepted(by: check)
            guard let text = text(of: value), let name else { return nil }
            return EnvironmentEntry(name: name, value: text)
        }
    }

    /// `[A-Za-z_][A-Za-z0-9_]*`.
    static func checkVariable(_ name: String) throws(ConfigValueError) {
        let fits = name.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
        guard fits, let first = name.utf8.first, !first.isASCIIDigit else {
            throw ConfigValueError(
                "\(quoted(name)) is not a name; accepted: letters, digits and _, not beginning with a digit")
        }
    }

    static func checkLabel(_ name: String) throws(ConfigValueError) {
        guard (1...256).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !name.contains("=")
        else {
            throw ConfigValueError(
                "\(quoted(name)) is not a label; accepted: 1 to 256 visible ASCII characters without =")
        }
        guard !name.hasPrefix(reservedLabelPrefix) else {
            throw ConfigValueError("labels that begin with \(reservedLabelPrefix) belong to the agent")
        }
    }

    /// The text JavaScript would make of the scalar, as the readers of these files before us did.
    private static func text(of field: ConfigField) -> String? {
        guard let scalar = field.scalar("a string") else { return nil }
        let text: String
        switch scalar.value {
        case .string(let value): text = value
        case .null: text = "null"
        case .bool(let value): text = value ? "true" : "false"
        case .number(let value): text = value.javaScriptText
        }
        if text != scalar.text {
            let shown = scalar.text.isEmpty ? "an empty value" : quoted(scalar.text)
            field.warn(
                "\(shown) is \(field.node.kindName) and becomes \(quoted(text)); quotes keep it as written"
            )
        }
        return text
    }
}

/// Text from outside as it may stand in a message: quoted, cut, and without characters that act on a terminal.
func quoted(_ text: String, limit: Int = 64) -> String {
    let scalars = text.unicodeScalars
    let shown = scalars.prefix(limit).map(escaped).joined()
    return "\"\(shown)\(scalars.count > limit ? "…" : "")\""
}

/// Text quoted so that different texts never look the same; nothing is cut.
func canonicallyQuoted(_ text: String) -> String {
    "\"\(text.unicodeScalars.map(escaped).joined())\""
}

private func escaped(_ scalar: UnicodeScalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\t": return "\\t"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        return "\\u{\(String(scalar.value, radix: 16))}"
    default: return String(scalar)
    }
}

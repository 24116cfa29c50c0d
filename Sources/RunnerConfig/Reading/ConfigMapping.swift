/// A mapping with known keys.
///
/// A key whose value is null counts as absent.
struct ConfigMapping {
    private let fields: [String: ConfigField]
    private let owner: ConfigField

    init(entries: [YAMLEntry], keys: [String], owner: ConfigField) {
        var fields: [String: ConfigField] = [:]
        for entry in entries {
            guard keys.contains(entry.key) else {
                if owner.report.keepsWarnings { Self.warn(entry, among: keys, owner: owner) }
                continue
            }
            let path = owner.path.appending(key: entry.key)
            if !entry.value.isNull {
                fields[entry.key] = ConfigField(node: entry.value, path: path, report: owner.report)
            }
        }
        self.fields = fields
        self.owner = owner
    }

    subscript(key: String) -> ConfigField? { fields[key] }

    /// The value of a key that must be there.
    func required(_ key: String, _ hint: String) -> ConfigField? {
        if let field = fields[key] { return field }
        owner.report.error(owner.node.mark, path: owner.path.appending(key: key).text, "is required: \(hint)")
        return nil
    }

    /// Those of `keys` that are given, for keys that exclude each other; reports when there are several.
    func oneOf(_ keys: [String]) -> (key: String, field: ConfigField)? {
        let given = keys.compactMap { key in fields[key].map { (key: key, field: $0) } }
        for extra in given.dropFirst() {
            extra.field.fail("cannot be given together with \(given[0].key)")
        }
        return given.first
    }

    private static func warn(_ entry: YAMLEntry, among keys: [String], owner: ConfigField) {
        let path = owner.path.appending(key: entry.key)
        if entry.key == "<<" {
            owner.report.warning(entry.keyMark, path: path.text, "unknown key \"<<\": merge keys have no effect")
        } else if !ConfigPath.isPlain(entry.key) {
            // Without the space after its colon, a whole `token:value` would be the key: it is not repeated.
            owner.report.warning(entry.keyMark, path: owner.path.text, "unknown key; \(known(keys))")
        } else if let meant = KeySuggestion.nearest(to: entry.key, among: keys) {
            let message = "unknown key \(quoted(entry.key)); did you mean \(quoted(meant))?"
            owner.report.warning(entry.keyMark, path: path.text, message)
        } else {
            owner.report.warning(entry.keyMark, path: path.text, "unknown key \(quoted(entry.key)); \(known(keys))")
        }
    }

    private static func known(_ keys: [String]) -> String {
        "known here: \(keys.joined(separator: ", "))"
    }
}

/// The names a build knows: stages, secrets, platforms.
enum BuildNames {
    static let secretLimit = 32

    static func parseTarget(_ text: String) throws(ConfigValueError) -> String {
        guard isName(text, extra: "._-") else {
            throw ConfigValueError("\(quoted(text)) is not the name of a stage; accepted: letters, digits, ., _ and -")
        }
        return text
    }

    static func checkSecret(_ text: String) throws(ConfigValueError) {
        guard isName(text, extra: "._-") else {
            throw ConfigValueError("\(quoted(text)) is not the id of a secret; accepted: letters, digits, ., _ and -")
        }
    }

    static func parsePlatform(_ text: String) throws(ConfigValueError) -> String {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let fits = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0) }
        }
        guard fits, (2...3).contains(parts.count), text.utf8.count <= 64 else {
            throw ConfigValueError(
                "\(quoted(text)) is not a platform; accepted: os/architecture[/variant], as in linux/amd64")
        }
        return text
    }

    static func secrets(_ field: ConfigField) -> [String] {
        var ids: [String] = []
        for item in field.items(limit: secretLimit) ?? [] {
            let id = item.text("the id of a secret") { text throws(ConfigValueError) in
                try checkSecret(text)
                return text
            }
            guard let id else { continue }
            if ids.contains(id) { item.fail("\(quoted(id)) is already given above") }
            ids.append(id)
        }
        return ids
    }

    /// Begins with a letter or digit; at most 128 bytes.
    private static func isName(_ text: String, extra: String) -> Bool {
        guard let first = text.utf8.first, first.isASCIIAlphanumeric, text.utf8.count <= 128 else { return false }
        return text.utf8.allSatisfy { $0.isASCIIAlphanumeric || extra.utf8.contains($0) }
    }
}

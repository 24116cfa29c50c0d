/// The path of `path` from the root of the repository, or nil when it climbs beyond the root.
///
/// A leading `/` means the root, anything else is relative to `directory`, itself relative to the root. `.`, empty
/// components and `..` are resolved by name alone; the root is "".
package func resolveRepositoryPath(_ path: String, from directory: String) -> String? {
    var components: [Substring] = []
    let whole = path.hasPrefix("/") ? path : "\(directory)/\(path)"
    for component in whole.split(separator: "/") where component != "." {
        if component != ".." {
            components.append(component)
        } else if components.popLast() == nil {
            return nil
        }
    }
    return components.joined(separator: "/")
}

/// What a path in a configuration must look like; `..` is judged where the directory is known.
enum RepositoryPath {
    static let limit = 4095

    static func parse(_ text: String) throws(ConfigValueError) -> String {
        guard !text.isEmpty else { throw ConfigValueError("must not be empty") }
        guard text.utf8.count <= limit else { throw ConfigValueError("is longer than \(limit) bytes") }
        guard !text.contains("://") else {
            throw ConfigValueError("\(quoted(text)) is a URL; accepted: a path inside the repository")
        }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            throw ConfigValueError(
                "\(quoted(text)) has a backslash or a control character; components are separated by /")
        }
        return text
    }
}

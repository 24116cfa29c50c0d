/// The name of an entity in a Backstage catalogue: `kind:namespace/name`.
///
/// References compare without regard to case, so only the lower-case form is kept, as Backstage's `stringifyEntityRef`
/// gives it: <https://backstage.io/docs/features/software-catalog/references>.
package struct EntityReference: Sendable, Hashable, CustomStringConvertible {
    package let kind: String
    package let namespace: String
    package let name: String

    /// The longest kind, namespace or name.
    static let partLimit = 63
    static let textLimitBytes = 3 * partLimit + 2

    /// Reads `[kind:][namespace/]name`; without them the namespace is `default` and the kind `defaultKind`.
    package init(parsing text: String, defaultKind: String = "component") throws(SourceError) {
        guard text.utf8.count <= Self.textLimitBytes else {
            throw Self.invalid("is longer than \(Self.textLimitBytes) bytes", SafeText.plain(text.prefix(60)))
        }
        var rest = text[...]
        var kind = defaultKind
        var namespace = "default"
        let slash = rest.firstIndex(of: "/")
        // A colon after the first slash belongs to the name.
        if let colon = rest[..<(slash ?? rest.endIndex)].firstIndex(of: ":") {
            kind = String(rest[..<colon])
            rest = rest[rest.index(after: colon)...]
        }
        if let slash {
            namespace = String(rest[..<slash])
            rest = rest[rest.index(after: slash)...]
        }
        do {
            try self.init(kind: kind, namespace: namespace, name: String(rest))
        } catch {
            throw SourceError(error.code, "'\(SafeText.plain(text))': \(error.message)", hint: error.hint)
        }
    }

    package init(kind: String, namespace: String, name: String) throws(SourceError) {
        self.kind = kind.lowercased()
        self.namespace = namespace.lowercased()
        self.name = name.lowercased()
        guard Self.isKind(self.kind) else { throw Self.invalid("is not a kind of entity", kind) }
        guard Self.isNamespace(self.namespace) else { throw Self.invalid("is not a namespace", namespace) }
        guard Self.isName(self.name) else { throw Self.invalid("is not an entity name", name) }
    }

    /// The form to compare, store and show.
    package var canonical: String { "\(kind):\(namespace)/\(name)" }

    package var description: String { canonical }

    private static func invalid(_ reason: String, _ part: String) -> SourceError {
        SourceError(
            SourceError.Code.invalidEntityReference, "'\(SafeText.plain(part))' \(reason)",
            hint: "Write the reference as kind:namespace/name, for example component:default/web.")
    }

    private static func isKind(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.count <= partLimit && text.utf8.allSatisfy(isASCIILetterOrDigit)
    }

    /// Letters and digits with inner hyphens, as in a DNS label.
    private static func isNamespace(_ text: String) -> Bool {
        isName(text) && text.utf8.allSatisfy { isASCIILetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Letters and digits with inner `-`, `_` and `.`.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return text.utf8.count <= partLimit && isASCIILetterOrDigit(first) && isASCIILetterOrDigit(last)
            && text.utf8.allSatisfy { isASCIILetterOrDigit($0) || "-_.".utf8.contains($0) }
    }
}

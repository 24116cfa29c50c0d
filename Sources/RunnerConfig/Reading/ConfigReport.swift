/// Collects the problems of one text while it is read.
final class ConfigReport {
    /// Diagnostics kept of each kind; one more says that there were others.
    static let limit = 100

    /// Turns a place in what was parsed into a place in what was given.
    var originalMark: (YAMLMark) -> YAMLMark = { $0 }
    private var errors: [ConfigDiagnostic] = []
    private var found: [ConfigDiagnostic] = []

    /// Whether one more warning would be kept; finding what an unknown key was meant to be takes time.
    var keepsWarnings: Bool { found.count <= Self.limit }

    func error(_ mark: YAMLMark, path: String, _ message: @autoclosure () -> String) {
        add(mark, path, message, to: &errors)
    }

    func warning(_ mark: YAMLMark, path: String, _ message: @autoclosure () -> String) {
        add(mark, path, message, to: &found)
    }

    /// The warnings in the order of the text.
    var warnings: [ConfigDiagnostic] { Self.sorted(found) }

    /// Throws if anything was an error.
    func check() throws(ConfigError) {
        if !errors.isEmpty { throw ConfigError(diagnostics: Self.sorted(errors), warnings: warnings) }
    }

    /// Throws if there is no tree because the text could not be read.
    func checkSyntax(of root: YAMLNode?) throws(ConfigError) {
        if root == nil { try check() }
    }

    private func add(_ mark: YAMLMark, _ path: String, _ message: () -> String, to list: inout [ConfigDiagnostic]) {
        guard list.count <= Self.limit else { return }
        let isLast = list.count == Self.limit
        let place = originalMark(mark)
        let text = isLast ? "there are more problems from here on" : message()
        list.append(ConfigDiagnostic(line: place.line, column: place.column, path: isLast ? "" : path, message: text))
    }

    /// By place; problems of one place keep the order they were found in.
    private static func sorted(_ list: [ConfigDiagnostic]) -> [ConfigDiagnostic] {
        let ordered = list.enumerated().sorted { left, right in
            (left.element.line, left.element.column, left.offset) < (
                right.element.line, right.element.column, right.offset
            )
        }
        return ordered.map(\.element)
    }
}

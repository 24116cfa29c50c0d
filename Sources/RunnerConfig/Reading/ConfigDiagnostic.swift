/// One problem in a configuration, with its place.
package struct ConfigDiagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    /// Counts from 1.
    package var line: Int
    /// Counts from 1, in Unicode scalars.
    package var column: Int
    /// The key it is about, like `runner.ports[0]`; empty for the text as a whole.
    package var path: String
    /// What is wrong and what is accepted.
    ///
    /// Never holds a secret; text out of the file is escaped and cut.
    package var message: String

    package init(line: Int, column: Int, path: String, message: String) {
        self.line = line
        self.column = column
        self.path = path
        self.message = message
    }

    package var description: String {
        "\(line):\(column): \(path.isEmpty ? "" : path + ": ")\(message)"
    }
}

/// Every problem of a configuration that cannot be used, in the order of the text.
package struct ConfigError: Error, Sendable, Hashable, CustomStringConvertible {
    package var diagnostics: [ConfigDiagnostic]
    /// What was only noticed: an unknown key is often why another one is missing.
    package var warnings: [ConfigDiagnostic]

    package init(diagnostics: [ConfigDiagnostic], warnings: [ConfigDiagnostic] = []) {
        self.diagnostics = diagnostics
        self.warnings = warnings
    }

    package var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}

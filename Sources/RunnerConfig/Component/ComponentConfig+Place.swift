extension ComponentConfig {
    /// A problem with the value of `key`, such as `build.context`, that only its use has shown.
    ///
    /// - Parameter text: one that ``parse(_:)`` accepts. Where it does not hold the key, the place is its beginning.
    package static func diagnostic(of key: String, in text: [UInt8], _ message: String) -> ConfigDiagnostic {
        var node = YAMLComposer.compose(text, report: ConfigReport())
        for name in ["runner"] + key.split(separator: ".").map(String.init) {
            guard case .mapping(let entries) = node?.content else { break }
            node = entries.first { $0.key == name }?.value
        }
        let mark = node?.mark ?? .start
        return ConfigDiagnostic(line: mark.line, column: mark.column, path: "runner.\(key)", message: message)
    }
}

/// A key that the user chose, such as the name of a variable.
struct ConfigKey {
    let text: String
    let mark: YAMLMark
    let path: ConfigPath
    let report: ConfigReport

    func fail(_ message: @autoclosure () -> String) {
        report.error(mark, path: path.text, message())
    }

    /// The key, if `read` accepts it.
    func accepted(by check: (String) throws(ConfigValueError) -> Void) -> String? {
        do {
            try check(text)
            return text
        } catch {
            fail(error.message)
            return nil
        }
    }
}

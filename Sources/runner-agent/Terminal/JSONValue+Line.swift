import RunnerProtocol

extension JSONValue {
    /// The value as JSON text, which never holds a newline.
    var line: String { String(decoding: serialized, as: UTF8.self) }
}

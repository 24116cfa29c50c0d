/// Why a value is not accepted, as a sentence that follows the key's path.
struct ConfigValueError: Error {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}

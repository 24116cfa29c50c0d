/// A configuration file, by the rules that the tests check on the saved corpus.
func violation(of bytes: [UInt8]) -> String? {
    ConfigProperties.violation(of: bytes)
}

/// An ignore file, by the rules that the tests check on the saved corpus.
func violation(of bytes: [UInt8]) -> String? {
    IgnoreProperties.violation(of: bytes)
}

/// A location string and an entity reference, by the rules that the tests check on the saved corpus.
func violation(of bytes: [UInt8]) -> String? {
    LocationProperties.violation(of: bytes)
}

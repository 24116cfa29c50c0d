/// A client's byte stream, by the rules that the tests check on the saved corpus.
func violation(of stream: [UInt8]) -> String? {
    StreamProperties.violation(of: stream)
}

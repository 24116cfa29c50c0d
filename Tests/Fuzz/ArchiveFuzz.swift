/// A file that claims to be an archive, by the rules that the tests check on the saved corpus.
func violation(of bytes: [UInt8]) -> String? {
    ArchiveProperties.violation(of: bytes)
}

internal import Crypto

/// SHA-256 of a context, in lower-case hexadecimal digits.
struct ContextDigest {
    private var hash = SHA256()

    mutating func update(_ bytes: [UInt8]) {
        hash.update(data: bytes)
    }

    func finish() -> String {
        hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

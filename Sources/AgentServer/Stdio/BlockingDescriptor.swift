internal import Glibc

/// read(2) and write(2) on a descriptor that someone else owns and closes.
///
/// O_NONBLOCK is never set: on a standard descriptor it would change the open file that the parent's terminal shares.
struct BlockingDescriptor: Sendable {
    let number: CInt

    /// At least one byte; nil at the end, which a failed read is taken for.
    func read(limit: Int) -> [UInt8]? {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            var result = 0
            repeat { result = unsafe Glibc.read(number, buffer.baseAddress, limit) } while result < 0 && errno == EINTR
            count = max(result, 0)
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// Writes all of it; false when the other side is gone.
    func write(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
                let count = unsafe Glibc.write(number, rest.baseAddress, rest.count)
                if count >= 0 {
                    offset += count
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}

import Glibc

/// A whole file in memory.
enum InputFile {
    /// What the open file holds from here to its end.
    ///
    /// Throws when it is more than `limitBytes`.
    static func read(descriptor: CInt, name: String, limitBytes: Int) throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(name, errno)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limitBytes else {
                throw CommandError(.usage, "\(name) has more than \(limitBytes) bytes.")
            }
        }
    }

    static func read(path: String, limitBytes: Int) throws(CommandError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, name: path, limitBytes: limitBytes)
    }

    static func unreadable(_ name: String, _ code: CInt) -> CommandError {
        CommandError(.usage, "\(name) cannot be read: \(unsafe String(cString: strerror(code))).")
    }
}

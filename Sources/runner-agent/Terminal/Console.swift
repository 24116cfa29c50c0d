import Glibc

/// Thrown by a write to a pipe or terminal that nobody reads any more.
struct ClosedOutput: Error {}

/// Standard output or standard error, written to at once.
///
/// write(2) rather than stdio: what was written must not be lost in a buffer when the process is ended.
struct Console: Sendable {
    static let standardOutput = Console(descriptor: STDOUT_FILENO)
    static let standardError = Console(descriptor: STDERR_FILENO)

    let descriptor: CInt

    func write(_ bytes: [UInt8]) throws(ClosedOutput) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // The descriptor was made non-blocking by somebody who shares it.
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe poll(&state, 1, -1)
            } else if errno != EINTR {
                throw ClosedOutput()
            }
        }
    }

    func write(_ text: String) throws(ClosedOutput) { try write(Array(text.utf8)) }

    func write(line: String) throws(ClosedOutput) { try write(line + "\n") }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal; 80 where that cannot be told.
    var width: Int {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

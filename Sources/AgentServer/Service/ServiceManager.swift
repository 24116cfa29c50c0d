internal import Glibc

/// The service manager that started this process; it is told when the agent is ready, alive and stopping.
///
/// Datagrams to the socket of `NOTIFY_SOCKET`, see sd_notify(3). A manager that does not listen is no error: the agent works
/// without.
package struct ServiceManager: Sendable {
    /// A path; with `@` in front, a name that is in no directory.
    private let socket: String
    /// How often the manager wants to hear of us; nil when it does not.
    package let watchdog: Duration?

    /// Nil when nobody asked to be told.
    package init?(environment: [String: String], processID: Int32) {
        guard let socket = environment["NOTIFY_SOCKET"], socket.hasPrefix("/") || socket.hasPrefix("@"),
            socket.utf8.count < 108
        else { return nil }
        self.socket = socket
        let isForUs = environment["WATCHDOG_PID"].map { Int32($0) == processID } ?? true
        let microseconds = isForUs ? environment["WATCHDOG_USEC"].flatMap { Int64($0) } : nil
        // Twice as often as asked, as the manual says.
        watchdog = microseconds.flatMap { $0 > 0 ? .microseconds($0) / 2 : nil }
    }

    /// Sends assignments such as `READY=1`; never waits.
    package func notify(_ assignments: String...) {
        let descriptor = Glibc.socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            unsafe path.copyBytes(from: socket.utf8)
            if socket.hasPrefix("@") { unsafe path[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + socket.utf8.count + (socket.hasPrefix("@") ? 0 : 1))
        let message = Array(assignments.joined(separator: "\n").utf8)
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe message.withUnsafeBytes {
                    unsafe sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), generic, length)
                }
            }
        }
    }
}

internal import Glibc

extension SocketFile {
    /// The descriptor of the first socket a service manager passes, see sd_listen_fds(3).
    private static let firstInherited: CInt = 3

    /// The listening socket that a service manager bound for this process; nil when there is none.
    ///
    /// It stays the manager's: its file is not removed at the end, so that clients wait for the next agent instead of failing.
    static func inherited(environment: [String: String], processID: Int32) throws(SocketError) -> SocketFile? {
        guard environment["LISTEN_PID"].flatMap({ Int32($0) }) == processID,
            let count = environment["LISTEN_FDS"].flatMap({ Int($0) }), count > 0
        else { return nil }
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isNamed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(firstInherited, $0, &length) == 0
            }
        }
        var isListening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard count == 1, isNamed, address.sun_family == sa_family_t(AF_UNIX),
            unsafe getsockopt(firstInherited, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0
        else {
            throw SocketError(
                .notASocket,
                "The service manager passed \(count) sockets; one listening unix socket (ListenStream=) is needed.")
        }
        let path = unsafe withUnsafeBytes(of: &address.sun_path) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard fcntl(firstInherited, F_SETFD, FD_CLOEXEC) == 0,
            fcntl(firstInherited, F_SETFL, fcntl(firstInherited, F_GETFL) | O_NONBLOCK) == 0
        else { throw .system("fcntl", path, errno: errno) }
        return SocketFile(inherited: firstInherited, path: path)
    }
}

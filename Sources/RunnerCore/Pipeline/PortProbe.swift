import Glibc

/// Asks the kernel whether a TCP port can be bound.
enum PortProbe {
    enum Outcome: Sendable {
        case free
        case inUse
        /// A port below 1024 without the right to bind it. The engine usually has it, so this is no obstacle.
        case notPermitted
        /// The address is none of this machine's.
        case badAddress
    }

    /// Binds and lets go again; nothing listens meanwhile, so no connection can be lost to us.
    static func probe(address: String, port: Int) -> Outcome {
        if address.contains(":") {
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = UInt16(port).bigEndian
            guard unsafe inet_pton(AF_INET6, address, &target.sin6_addr) == 1 else { return .badAddress }
            return bindOnce(AF_INET6, &target)
        }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = UInt16(port).bigEndian
        guard unsafe inet_pton(AF_INET, address, &target.sin_addr) == 1 else { return .badAddress }
        return bindOnce(AF_INET, &target)
    }

    private static func bindOnce<Address>(_ family: Int32, _ target: inout Address) -> Outcome {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return .free }
        defer { close(descriptor) }
        // As a server would: connections in TIME_WAIT do not count, a listener does.
        var reuse: Int32 = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let bound = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        if bound == 0 { return .free }
        switch errno {
        case EADDRINUSE: return .inUse
        case EACCES: return .notPermitted
        case EADDRNOTAVAIL: return .badAddress
        default: return .free
        }
    }
}

import Glibc
import TestSupport

/// A GitHub that takes connections and never answers: what is started from it stays in `resolving`.
final class SilentServer: Sendable {
    private let descriptor: Int32
    private let port: Int

    struct NoSocket: Error {
        let number: Int32
    }

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        port = Int(in_port_t(bigEndian: address.sin_port))
        guard isListening else { throw NoSocket(number: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// A location there, as Backstage writes it.
    var location: String { "url:http://127.0.0.1:\(port)/octo/web/tree/main/" }

    var agentConfiguration: String {
        """
        github:
          - host: "127.0.0.1:\(port)"
            apiBaseUrl: "http://127.0.0.1:\(port)"
            allowHttp: true

        """
    }
}

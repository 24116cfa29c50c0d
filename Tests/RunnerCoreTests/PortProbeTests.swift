import Glibc
import Testing

@testable import RunnerCore

@Suite struct PortProbeTests {
    @Test(arguments: ["127.0.0.1", "::1"]) func `sees a listener on the address`(address: String) throws {
        let isVersion6 = address.contains(":")
        let family = isVersion6 ? AF_INET6 : AF_INET
        let listener = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        // Port 0: the kernel chooses one when listening begins.
        try #require(listen(listener, 1) == 0)
        var name = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let named = unsafe withUnsafeMutablePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(listener, $0, &length)
            }
        }
        try #require(named == 0)
        // The port is at the same place in both families.
        let port = Int(UInt16(bigEndian: name.sin6_port))
        #expect(PortProbe.probe(address: address, port: port) == .inUse)
    }

    @Test(arguments: ["localhost", "999.1.1.1", "192.0.2.1", ""])
    func `an address that is none of this machine's is told apart`(address: String) {
        #expect(PortProbe.probe(address: address, port: 40_000) == .badAddress)
    }
}

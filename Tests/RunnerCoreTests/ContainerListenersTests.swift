import Glibc
import Testing

@testable import RunnerCore

@Suite struct ContainerListenersTests {
    private static let header =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

    @Test func `tells a program that only its own container can reach`() {
        let listeners = ContainerListeners(
            table: Self.header
                + "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n")
        #expect(listeners.loopbackOnly == [3000])
        #expect(listeners.problem(with: 3000)?.reason.contains("127.0.0.1") == true)
    }

    @Test(arguments: [
        "00000000:0BB8", "0200A8C0:0BB8", "00000000000000000000000000000000:0BB8",
    ]) func `has nothing to say about one that listens for all`(address: String) {
        let listeners = ContainerListeners(
            table: Self.header + "   0: \(address) 00000000:0000 0A 0:0 00:0 0 0 0 1 1\n"
                + "   1: 0100007F:0BB8 00000000:0000 0A 0:0 00:0 0 0 0 1 1\n")
        #expect(listeners.problem(with: 3000) == nil)
    }

    @Test(arguments: ["00000000000000000000000001000000", "0000000000000000FFFF00000100007F"])
    func `knows the loopback addresses of IPv6`(address: String) {
        let listeners = ContainerListeners(table: Self.header + "   0: \(address):0BB8 0:0 0A 0:0 00:0 0 0 0 1 1\n")
        #expect(listeners.loopbackOnly == [3000])
    }

    @Test func `names the ports that are listened on instead`() {
        let listeners = ContainerListeners(
            table: Self.header + "   0: 00000000:1F90 0:0 0A 0:0\n   1: 00000000:0BB8 0:0 01 0:0\n")
        #expect(listeners.problem(with: 3000)?.reason.contains("8080") == true)
    }

    @Test func `says nothing while nothing listens, or of what is no table`() {
        #expect(ContainerListeners(table: "").problem(with: 3000) == nil)
        #expect(ContainerListeners(table: "x\ny z\n0: : : 0A\n0: 1:zz 2 0A").problem(with: 3000) == nil)
        #expect(ContainerListeners(processID: -1) == nil)
    }

    @Test func `finds a socket of this very process`() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isListening)
        let port = Int(UInt16(bigEndian: address.sin_port))
        let listeners = try #require(ContainerListeners(processID: Int(getpid())))
        #expect(listeners.loopbackOnly.contains(port))
    }
}

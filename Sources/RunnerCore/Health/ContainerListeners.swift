import SystemPackage

/// Where the programs of a container listen for TCP, as the kernel tells it of the container's own network.
///
/// Read from `/proc/PID/net/tcp` and `tcp6` (proc_pid_net(5)), which only works on the engine's machine and for a user who may
/// look at the process; elsewhere nothing is known.
struct ContainerListeners: Sendable, Hashable {
    /// Far more than a container has sockets; the rest is not read.
    private static let maxTableBytes = 1 << 20
    private static let listening = "0A"

    /// On any address but the loopback.
    var reachable: Set<Int> = []
    var loopbackOnly: Set<Int> = []

    /// Blocking, short.
    ///
    /// Nil when the tables cannot be read.
    init?(processID: Int) {
        guard processID > 0 else { return nil }
        var wasRead = false
        for table in ["tcp", "tcp6"] {
            guard let text = Self.read("/proc/\(processID)/net/\(table)") else { continue }
            wasRead = true
            take(table: text)
        }
        guard wasRead else { return nil }
        loopbackOnly.subtract(reachable)
    }

    /// Reads one table's text.
    init(table: String) {
        take(table: table)
        loopbackOnly.subtract(reachable)
    }

    /// What is wrong for clients of `port`, and what to do; nil when nothing is, or when it cannot be told.
    func problem(with port: Int) -> (reason: String, hint: String)? {
        if reachable.contains(port) { return nil }
        if loopbackOnly.contains(port) {
            return (
                "the program listens on port \(port) of 127.0.0.1 inside its container, where nobody else can reach it",
                "let it listen on 0.0.0.0"
            )
        }
        let others = (reachable.union(loopbackOnly)).sorted().map(String.init)
        guard !others.isEmpty else { return nil }
        return (
            "nothing in the container listens on port \(port), but on \(others.joined(separator: ", "))",
            "name that port under `ports:` in the configuration, or let the program listen on \(port)"
        )
    }

    private mutating func take(table: String) {
        // sl local_address rem_address st ...; addresses in hexadecimal, each 32-bit word in the machine's byte order.
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[3] == Self.listening else { continue }
            let local = fields[1].split(separator: ":")
            guard local.count == 2, let port = Int(local[1], radix: 16) else { continue }
            if Self.isLoopback(local[0]) { loopbackOnly.insert(port) } else { reachable.insert(port) }
        }
    }

    private static func isLoopback(_ address: Substring) -> Bool {
        switch address.count {
        // 127.0.0.0/8, whose first byte is the last one written on a little-endian machine.
        case 8: address.hasSuffix("7F")
        // ::1, and 127.0.0.0/8 mapped into IPv6.
        case 32:
            address == "00000000000000000000000001000000"
                || address.hasPrefix("0000000000000000FFFF0000") && address.hasSuffix("7F")
        default: false
        }
    }

    private static func read(_ path: String) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }  // read only: nothing can be lost
        guard let bytes = try? FileAccess.read(file, at: 0, count: maxTableBytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

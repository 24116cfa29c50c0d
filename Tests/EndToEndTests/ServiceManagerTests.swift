import Glibc
import RunnerProtocol
import TestSupport
import Testing

/// What a service manager hears from the agent, on a socket as systemd makes it.
@Suite struct ServiceManagerTests {
    @Test func `a service manager hears that the agent is ready, alive and stopping, in this order`() async throws {
        try await withTemporaryDirectory { directory in
            let manager = try NotifySocket(directory + "/notify.sock")
            let environment = [
                "NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000", "DOCKER_HOST": "unix:///nonexistent",
            ]
            try await AgentUnderTest.run(environment: environment, directory: directory) { agent in
                #expect(try manager.next().hasPrefix("READY=1"))
                #expect(try manager.next() == "WATCHDOG=1")
                #expect(try manager.next() == "WATCHDOG=1")
                try agent.process.terminate()
                var message = try manager.next()
                while message == "WATCHDOG=1" { message = try manager.next() }
                #expect(message.hasPrefix("STOPPING=1"))
                let ending = try await agent.process.ending()
                #expect(ending == .exited(0))
            }
        }
    }

    @Test func `an agent that is stuck does not say that it is alive`() async throws {
        try await withTemporaryDirectory { directory in
            let manager = try NotifySocket(directory + "/notify.sock")
            let environment = [
                "NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "200000", "DOCKER_HOST": "unix:///nonexistent",
            ]
            try await AgentUnderTest.run(environment: environment, directory: directory) { agent in
                _ = try manager.next()
                try agent.process.signal(SIGSTOP)
                while (try? manager.next(withinMilliseconds: 400)) != nil {}
                try agent.process.signal(SIGCONT)
                #expect(try manager.next() == "WATCHDOG=1")
            }
        }
    }

    @Test func `a socket that the service manager made is served, and left there`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/managed.sock"
            // What systemd does: the socket as descriptor 3, and the process id in the environment.
            let program = """
                import os, socket, sys
                listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]); listener.listen(8)
                os.dup2(listener.fileno(), 3); os.set_inheritable(3, True)
                os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), DOCKER_HOST="unix:///nonexistent")
                os.execv(sys.argv[2], sys.argv[2:])
                """
            let agent = [
                AgentUnderTest.binary, "serve", "--state-dir", directory + "/state", "--cache-dir",
                directory + "/cache",
            ]
            try await ChildProcess.run("/usr/bin/python3", ["-c", program, path] + agent) { process in
                let said = try await process.errorOutput.first { $0.contains("listening on") }
                #expect(said?.hasSuffix(path) == true, "\(said ?? "")")
                let connection = try LineConnection(to: path)
                let answer = try await connection.ask(#"{"jsonrpc":"2.0","id":1,"method":"agent.ping"}"#)
                #expect(answer?.contains(#""id":1"#) == true)
                connection.close()
                try process.terminate()
                let ending = try await process.ending()
                #expect(ending == .exited(0))
                #expect(unsafe access(path, F_OK) == 0)
            }
        }
    }
}

/// The datagram socket of a service manager.
private final class NotifySocket {
    struct Nothing: Error {}

    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let descriptor = descriptor
        let isBound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound else { throw Nothing() }
    }

    deinit { close(descriptor) }

    func next(withinMilliseconds limit: Int32 = 10_000) throws -> String {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, limit) == 1 else { throw Nothing() }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}

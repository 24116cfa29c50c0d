import Glibc
import HTTPTransport
import NIOConcurrencyHelpers

/// A real server on a loopback port or a unix socket that runs one script per connection, each on its own thread.
final class StubServer: Sendable {
    enum Address: Sendable {
        case tcp
        case unix
    }

    /// The connections accepted so far.
    var connectionCount: Int { accepted.withLockedValue { $0 } }

    /// "127.0.0.1:PORT", or "stub" for a unix socket.
    let authority: String
    let target: HTTPRequest.Target
    private let listener: Int32
    private let socketPath: String?
    private let accepted = NIOLockedValueBox(0)

    init(_ address: Address = .tcp, script: @escaping @Sendable (StubConnection) -> Void) {
        switch address {
        case .tcp:
            listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            authority = "127.0.0.1:\(bindToLoopback(listener))"
            target = .network
            socketPath = nil
        case .unix:
            let path = makeSocketPath()
            listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            bind(listener, toPath: path)
            authority = "stub"
            target = .unixSocket(path: path)
            socketPath = path
        }
        precondition(listen(listener, 128) == 0, "listen")
        let listener = listener
        let accepted = accepted
        onThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    // Closed by nobody else: its number would be the next server's while this one still accepts.
                    close(listener)
                    return
                }
                accepted.withLockedValue { $0 += 1 }
                onThread { script(StubConnection(descriptor: connection)) }
            }
        }
    }

    deinit {
        // Ends the accepting thread, which closes it.
        shutdown(listener, Int32(SHUT_RDWR))
        if let socketPath { unsafe unlink(socketPath) }
    }

    func request(_ method: String = "GET", _ path: String = "/", body: HTTPRequest.Body = .none) -> HTTPRequest {
        var request = HTTPRequest(
            method: method, url: "http://\(authority)\(path)", headers: HTTPHeaders(), target: target, body: body)
        request.allowedSchemes = ["http"]
        request.proxy = .none
        return request
    }
}

/// A path short enough for a socket address and unused.
func makeSocketPath() -> String {
    "/tmp/stub-\(getpid())-\(UInt32.random(in: .min ... .max)).sock"
}

/// Binds without listening: a connection is refused.
func bind(_ descriptor: Int32, toPath path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let result = unsafe withUnsafePointer(to: address) { address in
        unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    precondition(result == 0, "bind")
}

/// Binds to a free port and returns it.
func bindToLoopback(_ descriptor: Int32) -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, length) | getsockname(descriptor, $0, &length)
        }
    }
    precondition(result == 0, "bind")
    return UInt16(bigEndian: address.sin_port)
}

import Dispatch
import DockerEngine
import Glibc
import HTTPTransport
import Logging
import NIOConcurrencyHelpers

/// An HTTP server on a unix socket that answers as it is told and remembers what it was asked.
final class StubEngine: Sendable {
    struct Request: Sendable, Hashable {
        let method: String
        /// Path and query.
        let target: String
        let head: String
        let body: [UInt8]
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [String] = []
        var body: [UInt8] = []
        /// Switches protocols instead of answering, and sends these bytes; what comes back is in `upgraded`.
        var upgrade: [UInt8]?
        /// Closes the connection without any answer.
        var isSilent = false
        /// Cuts the connection without the promised rest of the body.
        var isTruncated = false

        static func json(_ text: String, status: Int = 200) -> Answer {
            Answer(status: status, headers: ["Content-Type: application/json"], body: Array(text.utf8))
        }
    }

    struct Failed: Error {
        let call: String
        let number: Int32
    }

    private let descriptor: Int32
    private let answer: @Sendable (Request) -> Answer
    private let received = NIOLockedValueBox<[Request]>([])
    /// What was received after the switch of protocols, as it came.
    let upgraded: AsyncStream<[UInt8]>
    private let upgradedInput: AsyncStream<[UInt8]>.Continuation
    private let connections = DispatchQueue(label: "stub-engine", attributes: .concurrent)

    var requests: [Request] { received.withLockedValue { $0 } }
    /// `GET /v1.41/info` and the like.
    var calls: [String] { requests.map { "\($0.method) \($0.target)" } }

    init(path: String, answer: @escaping @Sendable (Request) -> Answer) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.answer = answer
        (upgraded, upgradedInput) = AsyncStream.makeStream()
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw Failed(call: "bind", number: errno) }
        guard listen(descriptor, 16) == 0 else { throw Failed(call: "listen", number: errno) }
        Thread.detach { [descriptor] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                self.connections.async { self.serve(connection) }
            }
        }
    }

    /// Ends the listener and with it the socket; the file stays.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private enum Thread {
        static func detach(_ body: @escaping @Sendable () -> Void) {
            DispatchQueue(label: "stub-engine-listener").async(execute: body)
        }
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let request = readRequest(connection) else { return }
        received.withLockedValue { $0.append(request) }
        let answer = answer(request)
        if answer.isSilent { return }
        if let bytes = answer.upgrade {
            let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
            write(Array(head.utf8) + bytes, to: connection)
            var received: [UInt8] = []
            while readMore(connection, &received) {
                upgradedInput.yield(received)
                received = []
            }
            return upgradedInput.finish()
        }
        var lines = ["HTTP/1.1 \(answer.status) X", "Connection: close"] + answer.headers
        let length = answer.body.count + (answer.isTruncated ? 10 : 0)
        lines.append("Content-Length: \(length)")
        write(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), to: connection)
        if request.method != "HEAD" { write(answer.body, to: connection) }
    }

    private func readRequest(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        while bytes.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            guard readMore(connection, &bytes) else { return nil }
        }
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        var body = Array(bytes[end.upperBound...])
        let lower = head.lowercased()
        if let field = lower.firstRange(of: "content-length: ") {
            let length = Int(lower[field.upperBound...].prefix { $0.isNumber }) ?? 0
            while body.count < length { guard readMore(connection, &body) else { return nil } }
        } else if lower.contains("transfer-encoding: chunked") {
            while !body.ends(with: Array("0\r\n\r\n".utf8)) { guard readMore(connection, &body) else { return nil } }
        }
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count == 3 else { return nil }
        return Request(method: String(words[0]), target: String(words[1]), head: head, body: body)
    }

    private func readMore(_ connection: Int32, _ bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe read(connection, &buffer, buffer.count)
        guard count > 0 else { return false }
        bytes += buffer[..<count]
        return true
    }

    private func write(_ bytes: [UInt8], to connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }
}

extension Collection where Element: Equatable {
    fileprivate func ends(with other: [Element]) -> Bool { suffix(other.count).elementsEqual(other) }
}

/// A client for a socket, silent in the test's output.
func makeClient(socket path: String, apiVersionOverride: String? = nil) -> EngineClient {
    EngineClient(
        http: HTTPClient(label: "test"), endpoint: EngineEndpoint(transport: .unix(path: path)),
        apiVersionOverride: apiVersionOverride, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

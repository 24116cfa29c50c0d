import Glibc
import NIOConcurrencyHelpers

/// One accepted connection, used by the thread of its script; closed when the script drops it.
///
/// Every blocking call gives up after 20 seconds, so that a failing test ends.
final class StubConnection: Sendable {
    struct Request: Sendable {
        var line: String
        /// Names in lower case.
        var fields: [String: String]
        var body: [UInt8] = []
        /// Whether the body came with its end: the declared length, or the terminating chunk.
        var isComplete = true
    }

    private let descriptor: Int32
    private let ended = NIOLockedValueBox(false)
    private let pending = NIOLockedValueBox<[UInt8]>([])

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    deinit {
        close(descriptor)
    }

    /// Makes closing send a reset instead of an orderly end.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    // MARK: Reading

    /// What arrives next; empty at the end of the connection.
    func read(upTo count: Int = 1 << 16) -> [UInt8] {
        let kept = pending.withLockedValue { kept in
            defer { kept = [] }
            return kept
        }
        guard kept.isEmpty else { return kept }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let received = unsafe recv(descriptor, buffer.baseAddress, count, 0)
            if received == 0 || (received < 0 && errno == ECONNRESET) { ended.withLockedValue { $0 = true } }
            filled = max(0, received)
        }
    }

    /// Whether the peer has closed the connection, as far as was read.
    var isEnded: Bool { ended.withLockedValue { $0 } }

    /// Waits for the peer to close the connection without another byte; false for a byte or when it takes too long.
    func endsSilently() -> Bool {
        read().isEmpty && isEnded
    }

    /// The request line and the fields; `nil` at the end of the connection.
    func readHead() -> Request? {
        var bytes: [UInt8] = []
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                pending.withLockedValue { $0 = Array(bytes[end.upperBound...]) }
                return Self.parse(String(decoding: bytes[..<end.lowerBound], as: UTF8.self))
            }
            let more = read()
            if more.isEmpty { return nil }
            bytes += more
        }
    }

    /// A request with its body; `nil` at the end of the connection.
    func readRequest() -> Request? {
        guard var request = readHead() else { return nil }
        if request.fields["transfer-encoding"] == "chunked" {
            (request.body, request.isComplete) = readChunks()
        } else if let length = request.fields["content-length"].flatMap({ Int($0) }) {
            request.body = readExactly(length)
            request.isComplete = request.body.count == length
        }
        return request
    }

    /// One chunk's bytes, empty for the terminating one; `nil` when the connection ended before.
    func readChunk() -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            let byte = readExactly(1)
            guard let byte = byte.first else { return nil }
            if byte == UInt8(ascii: "\n") { break }
            line.append(byte)
        }
        let digits = String(decoding: line.dropLast(), as: UTF8.self)
        guard let size = Int(digits, radix: 16) else { return nil }
        let bytes = readExactly(size + 2)
        return bytes.count == size + 2 ? Array(bytes.dropLast(2)) : nil
    }

    private func readChunks() -> ([UInt8], Bool) {
        var body: [UInt8] = []
        while let chunk = readChunk() {
            if chunk.isEmpty { return (body, true) }
            body += chunk
        }
        return (body, false)
    }

    private func readExactly(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = read()
            if more.isEmpty { break }
            bytes += more
        }
        pending.withLockedValue { $0 = Array(bytes.dropFirst(count)) }
        return Array(bytes.prefix(count))
    }

    private static func parse(_ head: String) -> Request {
        let lines = head.split(separator: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            fields[parts[0].lowercased()] = String(value)
        }
        return Request(line: lines.first.map { String($0) } ?? "", fields: fields)
    }

    // MARK: Writing

    /// Sends everything; returns whether the peer still takes bytes.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
                return unsafe send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func write(_ text: String) -> Bool {
        write(Array(text.utf8))
    }

    /// A whole response with a declared length.
    func respond(_ status: String = "200 OK", fields: String = "", body: String = "") {
        write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)")
    }

    func writeChunk(_ bytes: [UInt8]) {
        write(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8))
    }

    /// Sends until the peer has taken nothing for the given time, or all is sent; returns the count taken.
    func writeUntilStalled(_ bytes: [UInt8], milliseconds: Int32) -> Int {
        var sent = 0
        while sent < bytes.count {
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard unsafe Glibc.poll(&poll, 1, milliseconds) == 1 else { break }
            let count = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[sent...])
                let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                return unsafe send(descriptor, rest.baseAddress, min(rest.count, 1 << 16), flags)
            }
            if count < 0 && errno != EAGAIN { break }
            sent += max(0, count)
        }
        return sent
    }
}

extension [UInt8] {
    fileprivate func firstRange(of pattern: [UInt8]) -> Range<Int>? {
        guard count >= pattern.count else { return nil }
        for start in 0...(count - pattern.count) where self[start..<start + pattern.count].elementsEqual(pattern) {
            return start..<start + pattern.count
        }
        return nil
    }
}

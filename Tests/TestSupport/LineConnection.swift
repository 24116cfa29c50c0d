import Dispatch
import Glibc
import SystemPackage

/// A client's end of a unix socket that carries lines.
package final class LineConnection: Sendable {
    /// What the other side sends.
    package let lines: LineInbox
    private let descriptor: Int32
    private let recorder = LineRecorder()
    // Blocking reads and writes, each on a thread that is not of Swift's pool.
    private let reading = DispatchQueue(label: "line connection, reading")
    private let writing = DispatchQueue(label: "line connection, writing")

    /// Connects; with `reads: false` nothing is taken from the socket until ``startReading()``, as by a client that hangs.
    package init(to path: String, reads: Bool = true) throws {
        descriptor = try connectedSocket(path)
        lines = LineInbox(name: path)
        if reads { startReading() }
    }

    deinit {
        Glibc.close(descriptor)
    }

    package func startReading() {
        reading.async { [descriptor, lines, recorder] in
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                recorder?.recordReceived(Array(buffer[..<count]))
                lines.append(Array(buffer[..<count]))
            }
            lines.finish()
            // The queue keeps the connection open while it reads.
            withExtendedLifetime(self) {}
        }
    }

    /// Sends one line; the newline is added.
    package func send(_ line: String) async throws {
        try await send(bytes: Array(line.utf8) + [UInt8(ascii: "\n")])
    }

    /// Sends bytes as they are; returns when the kernel has taken them all.
    package func send(bytes: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            writing.async { [self] in
                continuation.resume(with: Result { try write(bytes) })
            }
        }
    }

    /// The next line; nil when the other side has closed.
    package func next(within deadline: Duration = .seconds(60)) async throws -> String? {
        try await lines.next(within: deadline)
    }

    /// Sends one line and returns the next that arrives.
    package func ask(_ line: String, within deadline: Duration = .seconds(60)) async throws -> String? {
        try await send(line)
        return try await next(within: deadline)
    }

    /// Says that we send nothing more, and goes on reading.
    package func halfClose() {
        recorder?.recordSentEnd()
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Ends the connection in both directions.
    package func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func write(_ bytes: [UInt8]) throws {
        recorder?.recordSent(bytes)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Errno(rawValue: errno) }
            rest = rest.dropFirst(count)
        }
    }
}

private func connectedSocket(_ path: String) throws -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Errno.fileNameTooLong }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    let connected = unsafe withUnsafePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    guard connected == 0 else {
        let problem = Errno(rawValue: errno)
        close(descriptor)
        throw problem
    }
    return descriptor
}

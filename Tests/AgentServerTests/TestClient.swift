import Glibc
import RunnerProtocol

@testable import AgentServer

/// A client that sends any bytes and reads lines, on threads of its own.
final class TestClient: Sendable {
    let descriptor: CInt

    /// Reading gives up after this; only a test that fails waits so long.
    private static let patience = timeval(tv_sec: 30, tv_usec: 0)

    init(path: String) throws {
        descriptor = try UnixConnection.open(path)
        var patience = Self.patience
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) async -> Bool {
        await onThread { [descriptor] in BlockingDescriptor(number: descriptor).write(bytes) }
    }

    func endInput() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// All that comes until the agent closes.
    func readToEnd() async -> String {
        await onThread { [descriptor] in
            var all: [UInt8] = []
            while let bytes = BlockingDescriptor(number: descriptor).read(limit: 1 << 16) { all += bytes }
            return String(decoding: all, as: UTF8.self)
        }
    }

    /// Lines until `count` have come or the agent closes.
    func lines(_ count: Int) async -> [String] {
        await onThread { [descriptor] in
            var lines: [String] = []
            var line: [UInt8] = []
            while lines.count < count, let byte = BlockingDescriptor(number: descriptor).read(limit: 1)?.first {
                if byte == UInt8(ascii: "\n") {
                    lines.append(String(decoding: line, as: UTF8.self))
                    line = []
                } else {
                    line.append(byte)
                }
            }
            return lines
        }
    }

    func line() async -> String { await lines(1).first ?? "" }
}

/// Runs a blocking call where it cannot hold up Swift's own threads, which the agent under test needs.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        BlockingThread.start { continuation.resume(returning: body()) }
    }
}

/// A request line.
func request(_ id: Int, _ method: String, _ params: String? = nil) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)"\#(params.map { #","params":"# + $0 } ?? "")}"# + "\n"
}

/// The value of a line; null when it is no JSON.
func json(_ line: String) -> JSONValue {
    (try? JSONReader.parse(Array(line.utf8))) ?? .null
}

internal import Glibc
package import RunnerProtocol

/// A connection to a running agent, for the commands.
///
/// It blocks the calling thread, which is a command's own: never use it on Swift's cooperative threads. One request is in flight at
/// a time; notifications that come in between go to the handler of that call.
package final class AgentClient {
    private let descriptor: BlockingDescriptor
    private var framer = LineFramer(limitBytes: AgentClient.lineBytes)
    private var nextID = 1

    /// The agent's longest line is a single record of two MiB; this leaves room.
    private static let lineBytes = 16 << 20

    /// A notification of the agent.
    package struct Notification: Sendable {
        package let method: String
        package let params: JSONValue
    }

    /// Connects to the agent at `path`; see ``SocketPath``.
    ///
    /// Throws ``SocketError`` with the code `noAgent` when nobody answers there.
    package init(path: String) throws(SocketError) {
        descriptor = BlockingDescriptor(number: try UnixConnection.open(path))
    }

    deinit { close(descriptor.number) }

    /// Calls `method` and waits for its result.
    ///
    /// Throws `ResponseError` when the agent answers with one, and ``SocketError`` when no answer comes.
    package func call(
        _ method: String, _ params: JSONValue? = nil, onNotification: (Notification) throws -> Void = { _ in }
    ) throws -> JSONValue {
        let id = try send(method, params)
        while true {
            let message = try receive()
            if message["method"] != nil {
                try onNotification(Self.notification(message))
            } else if message["id"]?.intValue == Int64(id) {
                return try Self.result(of: message)
            } else if message["id"]?.isNull == true, message["error"] != nil {
                // Said to whoever connects, before any request: not admitted.
                return try Self.result(of: message)
            }
        }
    }

    /// Waits for the next notification; nil when the agent closes the connection.
    package func nextNotification() throws(SocketError) -> Notification? {
        while true {
            guard let line = try nextLine() else { return nil }
            let message = try Self.parse(line)
            if message["method"] != nil { return Self.notification(message) }
        }
    }

    /// Sends one line as it is and returns every line that comes back until the agent closes, for `call` with raw input.
    package func exchange(_ line: [UInt8], onLine: ([UInt8]) throws -> Void) throws {
        guard descriptor.write(line + [UInt8(ascii: "\n")]) else { throw Self.lost }
        guard shutdown(descriptor.number, CInt(SHUT_WR)) == 0 else { throw Self.lost }
        while let line = try nextLine() { try onLine(line) }
    }

    private func send(_ method: String, _ params: JSONValue?) throws(SocketError) -> Int {
        let id = nextID
        nextID += 1
        var message: JSONObject = ["jsonrpc": "2.0", "id": .int(id), "method": .string(method)]
        message.append("params", ifPresent: params)
        guard descriptor.write(JSONValue.object(message).serialized + [UInt8(ascii: "\n")]) else {
            // A refused connection is closed by the agent, but its reason may still be there to read.
            if framer.partialBytes == 0, let refusal = try nextLine() { throw Self.refusal(refusal) }
            throw Self.lost
        }
        return id
    }

    private func receive() throws(SocketError) -> JSONValue {
        guard let line = try nextLine() else { throw Self.lost }
        return try Self.parse(line)
    }

    private static func parse(_ line: [UInt8]) throws(SocketError) -> JSONValue {
        do {
            return try JSONReader.parse(line)
        } catch {
            throw SocketError(.invalidAnswer, "The agent sent a line that is no JSON: \(error.reason).")
        }
    }

    private func nextLine() throws(SocketError) -> [UInt8]? {
        while true {
            switch framer.next() {
            case .line(let line): return line
            case .tooLong:
                throw SocketError(.invalidAnswer, "The agent sent a line over \(AgentClient.lineBytes) bytes.")
            case nil: break
            }
            guard let bytes = descriptor.read(limit: 64 << 10) else { return nil }
            framer.append(bytes)
        }
    }

    private static let lost = SocketError(
        .connectionLost, "The agent closed the connection before it answered; see its log, or try again.")

    private static func refusal(_ line: [UInt8]) -> SocketError {
        guard let message = try? JSONReader.parse(line)["error"]?["message"]?.stringValue else { return lost }
        return SocketError(.permissionDenied, message)
    }

    private static func notification(_ message: JSONValue) -> Notification {
        Notification(method: message["method"]?.stringValue ?? "", params: message["params"] ?? .null)
    }

    private static func result(of message: JSONValue) throws -> JSONValue {
        if let error = message["error"] { throw ResponseError(wire: error) }
        guard let result = message["result"] else {
            throw SocketError(.invalidAnswer, "The agent's answer has neither a result nor an error.")
        }
        return result
    }
}

extension ResponseError {
    /// The `error` member of an answer.
    fileprivate init(wire error: JSONValue) {
        self.init(
            code: ErrorCode(rawValue: error["code"]?.intValue.flatMap { Int(exactly: $0) } ?? 0),
            message: error["message"]?.stringValue ?? "The agent gave no reason.", data: error["data"]?.objectValue)
    }
}

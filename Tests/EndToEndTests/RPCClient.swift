import RunnerProtocol
import TestSupport

/// A client that speaks the protocol by hand: one line out, answers by id, notifications kept in order.
final class RPCClient {
    private let send: (String) async throws -> Void
    private let receive: (Duration) async throws -> String?
    private var nextID = 1
    private(set) var notifications: [JSONValue] = []
    /// Answers that came while another one was waited for: they may come in any order.
    private var answers: [Int64: JSONValue] = [:]

    init(_ connection: LineConnection) {
        send = { try await connection.send($0) }
        receive = { try await connection.next(within: $0) }
    }

    init(_ process: ChildProcess) {
        send = { try await process.send($0 + "\n") }
        receive = { try await process.output.next(within: $0) }
    }

    struct Failed: Error, CustomStringConvertible {
        let error: JSONValue

        var code: String? { error["data"]?["code"]?.stringValue }
        var description: String { String(decoding: error.serialized, as: UTF8.self) }
    }

    struct Closed: Error {}

    /// Sends a request without waiting and gives its id.
    func begin(_ method: String, _ params: String = "{}") async throws -> Int {
        let id = nextID
        nextID += 1
        try await send(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#)
        return id
    }

    func notify(_ method: String, _ params: String) async throws {
        try await send(#"{"jsonrpc":"2.0","method":"\#(method)","params":\#(params)}"#)
    }

    /// The answer to `id`; throws ``Failed`` when it is an error.
    func answer(to id: Int, within deadline: Duration = .seconds(120)) async throws -> JSONValue {
        while true {
            if let message = answers.removeValue(forKey: Int64(id)) {
                if let error = message["error"] { throw Failed(error: error) }
                return message["result"] ?? .null
            }
            keep(try await next(within: deadline))
        }
    }

    private func keep(_ message: JSONValue) {
        if message["method"] != nil {
            notifications.append(message)
        } else if let id = message["id"]?.intValue {
            answers[id] = message
        }
    }

    func call(
        _ method: String, _ params: String = "{}", within deadline: Duration = .seconds(120)
    ) async throws -> JSONValue {
        try await answer(to: try await begin(method, params), within: deadline)
    }

    /// The first notification, past or to come, that `matches`; it and those before it are taken.
    func notification(
        within deadline: Duration = .seconds(120), _ matches: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        while true {
            if let index = notifications.firstIndex(where: matches) {
                let found = notifications[index]
                notifications.removeSubrange(...index)
                return found
            }
            keep(try await next(within: deadline))
        }
    }

    private func next(within deadline: Duration) async throws -> JSONValue {
        guard let line = try await receive(deadline) else { throw Closed() }
        return try JSONReader.parse(Array(line.utf8))
    }
}

extension JSONValue {
    var text: String { String(decoding: serialized, as: UTF8.self) }

    /// The texts of the records of a `runner.log` notification or a page.
    var recordTexts: [String] {
        ((self["params"] ?? self)["records"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
    }
}

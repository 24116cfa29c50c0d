import RunnerProtocol
import TestSupport
import Testing

/// A component that writes numbered lines to both streams until it is stopped, and what a reader has seen of them.
struct NumberedLog {
    /// Lines in a second, about; characters of several bytes so that no cut goes unseen.
    static func component(in directory: String, pauseMicroseconds: Int = 2000) async throws -> Component {
        try await Component.make(
            in: directory, "numbers",
            dockerfile: """
                COPY count /count
                CMD ["sh", "/count"]
                """,
            files: [
                "count": """
                i=0
                while :; do
                    i=$((i+1))
                    printf 'n '; echo "$i $i $i grün 😀"
                    [ $((i % 5)) != 0 ] || echo "n $((i / 5)) $((i / 5)) $((i / 5)) grün 😀" >&2
                    usleep \(pauseMicroseconds)
                done
                """
            ])
    }

    private(set) var lastSeq: Int64 = 0
    private(set) var gaps = 0
    private(set) var problems: [String] = []
    private(set) var newest: [String: Int] = ["stdout": 0, "stderr": 0]
    private var parts: [String: String] = [:]
    private var torn: [String: String] = [:]
    /// A gap came, and a number may be missing in each stream.
    private var mayJump: Set<String> = []

    mutating func take(_ records: [JSONValue]) {
        for record in records {
            if let gap = record["gap"] {
                gaps += 1
                mayJump = ["stdout", "stderr"]
                parts = [:]
                lastSeq = Int64(gap["to"]?.intValue ?? 0)
                continue
            }
            let seq = Int64(record["seq"]?.intValue ?? 0)
            if seq <= lastSeq { problems.append("seq \(seq) after \(lastSeq)") }
            lastSeq = seq
            guard record["phase"]?.stringValue == "run", let stream = record["stream"]?.stringValue, stream != "agent"
            else { continue }
            guard let text = record["text"]?.stringValue else {
                problems.append("no text: \(record.text)")
                continue
            }
            parts[stream, default: ""] += text
            guard record["partial"] == nil, let line = parts.removeValue(forKey: stream) else { continue }
            take(line, of: stream)
        }
    }

    private mutating func take(_ line: String, of stream: String) {
        let expected = newest[stream, default: 0] + 1
        if let torn = torn[stream] { problems.append("\(stream): \(line) after the torn \(torn)") }
        if line == Self.line(expected) {
            newest[stream] = expected
            return
        }
        // A program that is stopped may have written the beginning of its last line.
        if Self.line(expected).hasPrefix(line) {
            torn[stream] = line
            return
        }
        guard let number = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }), line == Self.line(number),
            mayJump.remove(stream) != nil, number > expected
        else { return problems.append("\(stream): \(line) where \(expected) should be") }
        newest[stream] = number
    }

    private static func line(_ number: Int) -> String { "n \(number) \(number) \(number) grün 😀" }

    /// Follows the log on a connection of its own until `count` more lines of stdout came, and hangs up.
    mutating func follow(_ id: String, of agent: AgentUnderTest, lines count: Int) async throws {
        let connection = try agent.connect()
        defer { connection.close() }
        let client = RPCClient(connection)
        _ = try await client.call("runner.logs", #"{"instanceId":"\#(id)","after":\#(lastSeq),"follow":true}"#)
        let goal = newest["stdout", default: 0] + count
        while newest["stdout", default: 0] < goal, problems.isEmpty {
            let news = try await client.notification(within: .seconds(30)) {
                $0["method"]?.stringValue?.hasPrefix("runner.log") == true
            }
            guard news["method"]?.stringValue == "runner.log" else { return }
            take(news["params"]?["records"]?.arrayValue ?? [])
        }
    }

    /// Reads page by page to the newest record.
    mutating func readRest(_ id: String, of agent: AgentUnderTest) async throws {
        let client = try agent.client()
        while true {
            let page = try await client.call(
                "runner.logs", #"{"instanceId":"\#(id)","after":\#(lastSeq),"limit":5000}"#)
            take(page["records"]?.arrayValue ?? [])
            if page["truncated"]?.boolValue != true { return }
        }
    }
}

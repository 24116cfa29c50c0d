import AgentServer
import RunnerProtocol

/// Prints log records where a person or a script expects them.
struct LogPrinter {
    private static let buildOutputRecords = 200

    let options: ClientOptions

    /// Everything there is now.
    func printPages(_ params: JSONObject, _ agent: AgentClient) throws {
        var params = params
        while true {
            let page = try agent.call("runner.logs", .object(params))
            try show(page["records"]?.arrayValue ?? [])
            guard page["truncated"]?.boolValue == true, let next = page["nextSeq"]?.intValue else { return }
            // The first page has decided where the tail begins.
            params = params.replacing("tail", with: nil).replacing("after", with: .int(next - 1))
        }
    }

    /// Everything there is, and what comes, until the log ends.
    func follow(_ params: JSONObject, _ agent: AgentClient) throws {
        let answer = try agent.call("runner.logs", .object(params.replacing("follow", with: true)))
        let subscription = answer["subscriptionId"]
        while let notification = try agent.nextNotification() {
            guard notification.params["subscriptionId"] == subscription else { continue }
            switch notification.method {
            case "runner.log": try show(notification.params["records"]?.arrayValue ?? [])
            case "runner.log.end":
                guard notification.params["reason"]?.stringValue == "shutdown" else { return }
                let last = (notification.params["nextSeq"]?.intValue ?? 1) - 1
                throw CommandError(
                    .failure, "The agent is stopping. Go on with --after \(last) when there is one again.")
            default: continue
            }
        }
        throw CommandError(.failure, "The agent closed the connection before the log had ended.")
    }

    /// The end of what the build wrote, on stderr.
    func printBuildOutput(of id: String, _ agent: AgentClient) throws {
        let params: JSONObject = [
            "instanceId": .string(id), "phases": ["build"], "tail": .int(Self.buildOutputRecords),
        ]
        let page = try agent.call("runner.logs", .object(params))
        for record in page["records"]?.arrayValue ?? [] {
            let line = LogLine(record)
            guard line.gap == nil else { continue }
            try Console.standardError.write(line: options.shown("  | \(String(decoding: line.bytes, as: UTF8.self))"))
        }
    }

    /// In the order of the records; what goes to the same place is written at once.
    private func show(_ records: [JSONValue]) throws(ClosedOutput) {
        if options.json {
            return try Console.standardOutput.write(records.map { $0.line + "\n" }.joined())
        }
        var pending: [UInt8] = []
        var target = Console.standardOutput
        for record in records {
            let line = LogLine(record)
            let console: Console = line.stream == .stdout ? .standardOutput : .standardError
            if console.descriptor != target.descriptor {
                try target.write(pending)
                pending = []
                target = console
            }
            pending += line.text(raw: options.raw)
        }
        try target.write(pending)
    }
}

extension JSONObject {
    /// Without the member, or with another value at its end.
    fileprivate func replacing(_ name: String, with value: JSONValue?) -> JSONObject {
        var object = JSONObject(members.filter { $0.name != name }.map { ($0.name, $0.value) })
        object.append(name, ifPresent: value)
        return object
    }
}

import RunnerProtocol

/// A failure as a block that a person understands at a glance.
///
/// ```
/// BUILD_FAILED while building: RUN npm ci failed
///   step       [3/7] RUN npm ci
///   exit code  1
///   hint       ...
///   log        last line but one
///              last line
/// ```
struct FailureReport {
    /// A failure of an instance, or what an error carries as data.
    private let failure: JSONObject
    private let message: String
    /// Nil for errors of the protocol itself, whose message says all.
    private let code: String?

    /// Members that have their own place or say nothing to a person.
    private static let placed = [
        "code", "phase", "message", "step", "exitCode", "oomKilled", "lastProbe", "hint", "logTail", "diagnostics",
        "instanceId", "retryable", "retryAfterMs", "path", "reason",
    ]

    init(_ error: ResponseError) {
        failure = error.data ?? [:]
        message = error.message
        code = failure["code"]?.stringValue
    }

    /// What the failed start is listed as, where there is one.
    var instanceID: String? { failure["instanceId"]?.stringValue }

    var isOfBuild: Bool { failure["phase"]?.stringValue == "building" }

    /// The block, ended by a newline.
    ///
    /// The log's tail is left out when the caller shows more of it.
    func text(_ options: ClientOptions, withLogTail: Bool = true) -> String {
        var lines = [headline]
        for diagnostic in failure["diagnostics"]?.arrayValue ?? [] { lines.append("  \(Self.text(of: diagnostic))") }
        lines += facts.map { name, value in "  \(name.padded(to: 10)) \(value)" }
        let tail = withLogTail ? failure["logTail"]?.arrayValue?.compactMap(\.stringValue) ?? [] : []
        for (index, line) in tail.enumerated() { lines.append("  \((index == 0 ? "log" : "").padded(to: 10)) \(line)") }
        return lines.map { options.shown($0) + "\n" }.joined()
    }

    private var headline: String {
        guard let code else { return message }
        let phase = failure["phase"]?.stringValue.map { " while \($0)" } ?? ""
        return "\(code)\(phase): \(message)"
    }

    private var facts: [(name: String, value: String)] {
        var facts: [(String, String)] = []
        func add(_ name: String, _ value: String?) {
            if let value { facts.append((name, value)) }
        }
        add("step", failure["step"]?.stringValue)
        add("exit code", failure["exitCode"]?.intValue.map(String.init))
        if failure["oomKilled"]?.boolValue == true { add("killed", "the container was out of memory") }
        add("last probe", failure["lastProbe"]?.stringValue)
        for member in failure.members where !Self.placed.contains(member.name) {
            add(member.name, member.value.stringValue ?? member.value.line)
        }
        add("hint", failure["hint"]?.stringValue)
        if failure["retryable"]?.boolValue == true { add("retry", retry) }
        add("instance", instanceID)
        return facts
    }

    private var retry: String {
        guard let wait = failure["retryAfterMs"]?.intValue else { return "the same again may succeed" }
        return "in \(DurationText.measured(.milliseconds(wait)))"
    }

    private static func text(of diagnostic: JSONValue) -> String {
        let place = ["line", "column"].compactMap { diagnostic[$0]?.intValue.map(String.init) }.joined(separator: ":")
        let path = diagnostic["path"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 + ": " } ?? ""
        return "\(place): \(path)\(diagnostic["message"]?.stringValue ?? "")"
    }
}

extension String {
    /// With spaces after it up to `width` characters.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

import RunnerProtocol
import TestSupport

/// Looks for a secret wherever the agent or the engine keeps or shows something.
enum SecretSearch {
    /// Where it was found; the agent's directories, every instance with its log, and everything the engine tells about what is
    /// ours are looked through.
    static func places(of secret: String, agent: AgentUnderTest, client: RPCClient) async throws -> [String] {
        var found: [String] = []
        // The pattern is read from a file: an argument of ours would be found below, by a search beside this one.
        let files = try await withTemporaryDirectory { directory in
            try writeTextFile(secret, to: "\(directory)/pattern")
            return try await run(
                "/bin/sh", ["-c", #"grep -rlF -f "$1" "$2" || true"#, "sh", "\(directory)/pattern", agent.directory])
        }
        if !files.isEmpty { found.append("files: \(files)") }
        let listed = try await client.call("runner.list")
        if listed.text.contains(secret) { found.append("runner.list") }
        for instance in listed["instances"]?.arrayValue ?? [] {
            let id = instance["id"]?.stringValue ?? ""
            let page = try await client.call("runner.logs", #"{"instanceId":"\#(id)","limit":10000}"#)
            if page.text.contains(secret) { found.append("log of \(id)") }
        }
        let owner = try agent.owner
        let filter = "%7B%22label%22%3A%5B%22dev.runner-agent.owner%3D\(owner)%22%5D%7D"
        var paths = ["/images/json?filters=\(filter)", "/containers/json?all=1&filters=\(filter)"]
        for image in try await ids("/images/json?filters=\(filter)") {
            paths += ["/images/\(image)/json", "/images/\(image)/history"]
        }
        for container in try await ids("/containers/json?all=1&filters=\(filter)") {
            paths.append("/containers/\(container)/json")
        }
        for path in paths where try await EngineView.get(path).contains(secret) { found.append(path) }
        let arguments = try await run(
            "/bin/sh", ["-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' || true"])
        if arguments.contains(secret) { found.append("arguments of a process") }
        return found
    }

    private static func ids(_ path: String) async throws -> [String] {
        let listed = try JSONReader.parse(Array(try await EngineView.get(path).utf8))
        return (listed.arrayValue ?? []).compactMap { $0["Id"]?.stringValue }
    }
}

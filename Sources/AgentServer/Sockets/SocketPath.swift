/// Where the agent's socket is, decided the same way by the agent, the commands and every client.
package enum SocketPath {
    package static let environmentVariable = "RUNNER_AGENT_SOCKET"

    /// The socket's path: the first of these that applies.
    ///
    /// 1. `explicit` (the `--socket` flag)
    /// 2. `RUNNER_AGENT_SOCKET`
    /// 3. for root, `/run/runner-agent/agent.sock`
    /// 4. `$XDG_RUNTIME_DIR/runner-agent/agent.sock`
    /// 5. `/run/user/UID/runner-agent/agent.sock`, where `/run/user/UID` is a directory of ours
    /// 6. `runner-agent-UID/agent.sock` under `$TMPDIR` or `/tmp`
    ///
    /// Empty variables count as unset, and so does a relative `XDG_RUNTIME_DIR`, which its specification calls invalid.
    package static func resolve(
        explicit: String?, environment: [String: String], uid: UInt32, isOwnDirectory: (String) -> Bool
    ) -> String {
        if let explicit, !explicit.isEmpty { return explicit }
        if let path = environment[environmentVariable], !path.isEmpty { return path }
        if uid == 0 { return "/run/runner-agent/agent.sock" }
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") {
            return joined(runtime, "runner-agent/agent.sock")
        }
        let userRuntime = "/run/user/\(uid)"
        if isOwnDirectory(userRuntime) { return joined(userRuntime, "runner-agent/agent.sock") }
        let temporary = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        return joined(temporary, "runner-agent-\(uid)/agent.sock")
    }

    /// The directory part of a path: `.` for a bare file name.
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func joined(_ directory: String, _ rest: String) -> String {
        directory.hasSuffix("/") ? directory + rest : directory + "/" + rest
    }
}

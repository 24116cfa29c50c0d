import Testing

@testable import AgentServer

@Suite struct SocketPathTests {
    private func path(
        _ explicit: String? = nil, _ environment: [String: String] = [:], uid: UInt32 = 1_000, own: [String] = []
    ) -> String {
        SocketPath.resolve(explicit: explicit, environment: environment, uid: uid, isOwnDirectory: own.contains)
    }

    @Test func `the flag wins over everything`() {
        #expect(path("/a.sock", ["RUNNER_AGENT_SOCKET": "/b.sock", "XDG_RUNTIME_DIR": "/x"], uid: 0) == "/a.sock")
    }

    @Test func `the variable wins over the places, for root too`() {
        #expect(path(nil, ["RUNNER_AGENT_SOCKET": "/b.sock"], uid: 0) == "/b.sock")
    }

    @Test func `root has a fixed place`() {
        #expect(path(nil, ["XDG_RUNTIME_DIR": "/x"], uid: 0) == "/run/runner-agent/agent.sock")
    }

    @Test(arguments: ["/run/user/7", "/run/user/7/"])
    func `the runtime directory comes before the one of the uid`(directory: String) {
        let found = path(nil, ["XDG_RUNTIME_DIR": directory], uid: 8, own: ["/run/user/8"])
        #expect(found == "/run/user/7/runner-agent/agent.sock")
    }

    @Test func `without the variable the runtime directory of the uid is used when it is ours`() {
        #expect(path(uid: 8, own: ["/run/user/8"]) == "/run/user/8/runner-agent/agent.sock")
    }

    @Test func `the temporary directory is last`() {
        #expect(path(uid: 8) == "/tmp/runner-agent-8/agent.sock")
        #expect(path(nil, ["TMPDIR": "/var/tmp"], uid: 8) == "/var/tmp/runner-agent-8/agent.sock")
    }

    @Test func `empty and relative values count as unset`() {
        let environment = ["RUNNER_AGENT_SOCKET": "", "XDG_RUNTIME_DIR": "relative", "TMPDIR": "relative"]
        #expect(path("", environment, uid: 8) == "/tmp/runner-agent-8/agent.sock")
    }

    @Test func `the directory of a path`() {
        #expect(SocketPath.directory(of: "/a/b.sock") == "/a")
        #expect(SocketPath.directory(of: "/b.sock") == "/")
        #expect(SocketPath.directory(of: "b.sock") == ".")
    }
}

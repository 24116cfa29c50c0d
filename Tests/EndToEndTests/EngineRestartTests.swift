import Glibc
import RunnerProtocol
import TestSupport
import Testing

/// With an engine that keeps its containers and comes back when it ends: `WITH_ENGINE_SETTINGS='{"live-restore":true}'`.
@Suite(.enabled(if: RestartingEngine.pidFile != nil), .serialized) struct EngineRestartTests {
    @Test func `a numbered log has each number once over killed and restarted engines`() async throws {
        let rounds = Torture.count(short: 2, long: 5)
        try await withTemporaryDirectory { directory in
            let component = try await NumberedLog.component(in: directory)
            try await AgentUnderTest.run(directory: directory) { agent in
                let client = try agent.client()
                let started = try await client.call(
                    "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
                let id = try #require(started["id"]?.stringValue)
                _ = try await client.call("runner.watch", #"{"instanceId":"\#(id)"}"#)
                var log = NumberedLog()
                for round in 0..<rounds {
                    try await log.follow(id, of: agent, lines: 100)
                    try RestartingEngine.signal(round % 2 == 0 ? SIGKILL : SIGTERM)
                    try await expectStale(true, client)
                    try await expectStale(false, client)
                }
                try await log.follow(id, of: agent, lines: 100)
                let stopped = try await client.call("runner.stop", #"{"instanceId":"\#(id)"}"#)
                #expect(stopped["status"]?.stringValue == "stopped")
                try await log.readRest(id, of: agent)
                #expect(log.problems == [])
                #expect(log.gaps == 0)
                let left = try await EngineView.leftovers(of: agent.owner)
                #expect(left == "")
            }
        }
    }

    private func expectStale(_ stale: Bool, _ client: RPCClient) async throws {
        let news = try await client.notification(within: .seconds(60)) {
            ($0["params"]?["instance"]?["stale"]?.boolValue ?? false) == stale
        }
        #expect(news["params"]?["instance"]?["status"]?.stringValue == "running")
    }
}

/// The engine of `with-engine`, which starts it again when it ends.
enum RestartingEngine {
    static let pidFile = environmentVariable("RUNNER_AGENT_ENGINE_PIDFILE")

    struct NotThere: Error {}

    static func signal(_ number: Int32) throws {
        guard let pidFile, let pid = Int32(try readTextFile(pidFile).filter(\.isNumber)), kill(pid, number) == 0 else {
            throw NotThere()
        }
    }
}

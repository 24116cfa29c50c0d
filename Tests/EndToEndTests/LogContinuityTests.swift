import RunnerProtocol
import TestSupport
import Testing

@Suite(.enabled(if: EngineUnderTest.isExpected)) struct LogContinuityTests {
    @Test func `a numbered log read by after has each number once over hang-ups and killed agents`() async throws {
        try EngineUnderTest.require()
        let kills = Torture.count(short: 3, long: 10)
        let hangUps = Torture.count(short: 3, long: 10)
        try await withTemporaryDirectory { directory in
            let component = try await NumberedLog.component(in: directory)
            var log = NumberedLog()
            var id = ""
            for _ in 0..<kills {
                try await AgentUnderTest.run(directory: directory) { agent in
                    if id.isEmpty { id = try await start(component, agent) }
                    for _ in 0..<hangUps { try await log.follow(id, of: agent, lines: 50) }
                    try agent.process.kill()
                }
            }
            try await AgentUnderTest.run(directory: directory) { agent in
                try await log.follow(id, of: agent, lines: 50)
                _ = try await agent.client().call("runner.stop", #"{"instanceId":"\#(id)"}"#)
                try await log.readRest(id, of: agent)
            }
            #expect(log.problems == [])
            #expect(log.gaps == 0)
            #expect(abs(log.newest["stdout", default: 0] / 5 - log.newest["stderr", default: 0]) <= 1)
        }
    }

    @Test func `what a container wrote and how it ended while there was no agent is in its log`() async throws {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            let component = try await Component.make(
                in: directory, "job",
                dockerfile:
                    #"CMD ["sh", "-c", "echo one; sleep 1.5; printf 't\\303\\274'; sleep 1; echo r; echo last; exit 3"]"#
            )
            let id = try await AgentUnderTest.run(directory: directory) { agent in
                let id = try await start(component, agent)
                try agent.process.kill()
                return id
            }
            try await waitUntilContainersEnd()
            try await AgentUnderTest.run(directory: directory) { agent in
                let client = try agent.client()
                let watched = try await client.call("runner.watch", #"{"instanceId":"\#(id)"}"#)
                if watched["instances"]?.arrayValue?.first?["status"]?.stringValue != "error" {
                    _ = try await client.notification(within: .seconds(30)) {
                        $0["params"]?["instance"]?["status"]?.stringValue == "error"
                    }
                }
                let instance = try await client.call("runner.get", #"{"instanceId":"\#(id)"}"#)
                #expect(instance["exitCode"]?.intValue == 3)
                let logs = try await client.call("runner.logs", #"{"instanceId":"\#(id)","phases":["run"]}"#)
                #expect(logs.recordTexts == ["one", "tür", "last"])
            }
        }
    }

    @Test func `what the engine rotated away while no agent read it is one gap`() async throws {
        try EngineUnderTest.require()
        let count = 60_000
        try await withTemporaryDirectory { directory in
            // Twice what the engine keeps, at full speed; the agent dies in the pause.
            let component = try await Component.make(
                in: directory, "job", dockerfile: "COPY count /count\nCMD [\"awk\", \"-f\", \"/count\"]",
                files: [
                    "count": """
                    BEGIN {
                        pad = sprintf("%990s", "x")
                        for (i = 1; i <= \(count); i++) {
                            print "n " i " " pad
                            if (i == 3000) system("sleep 2")
                        }
                    }
                    """
                ])
            let id = try await AgentUnderTest.run(directory: directory) { agent in
                let id = try await start(component, agent)
                let client = try agent.client()
                _ = try await client.call("runner.logs", #"{"instanceId":"\#(id)","streams":["stdout"],"follow":true}"#)
                _ = try await client.notification { $0.recordTexts.contains { $0.hasPrefix("n 3000 ") } }
                try agent.process.kill()
                return id
            }
            try await waitUntilContainersEnd()
            try await AgentUnderTest.run(directory: directory) { agent in
                let client = try agent.client()
                let watched = try await client.call("runner.watch", #"{"instanceId":"\#(id)"}"#)
                if watched["instances"]?.arrayValue?.first?["status"]?.stringValue == "running" {
                    _ = try await client.notification(within: .seconds(60)) {
                        $0["params"]?["instance"]?["status"]?.stringValue == "stopped"
                    }
                }
                let (runs, gaps) = try await numberRuns(id, client)
                #expect(gaps == 1)
                // A slow machine lets some more through before the agent is dead.
                let first = try #require(runs.first)
                #expect(first.lowerBound == 1 && first.upperBound >= 3000, "\(runs)")
                #expect(runs.count == 2 && runs.last?.upperBound == count, "\(runs)")
            }
        }
    }

    /// The numbers of the lines `n NUMBER ...`, as runs without a hole, and how many gaps are told.
    private func numberRuns(_ id: String, _ client: RPCClient) async throws -> (runs: [ClosedRange<Int>], gaps: Int) {
        var runs: [ClosedRange<Int>] = []
        var gaps = 0
        var after = 0
        while true {
            let page = try await client.call(
                "runner.logs", #"{"instanceId":"\#(id)","phases":["run"],"after":\#(after),"limit":2000}"#)
            for record in page["records"]?.arrayValue ?? [] {
                gaps += record["gap"] == nil ? 0 : 1
                guard
                    let number = record["text"]?.stringValue?.split(separator: " ").dropFirst().first.flatMap({
                        Int($0)
                    })
                else { continue }
                if let last = runs.last, last.upperBound + 1 == number {
                    runs[runs.count - 1] = last.lowerBound...number
                } else {
                    runs.append(number...number)
                }
            }
            after = Int(page["nextSeq"]?.intValue ?? 1) - 1
            if page["truncated"]?.boolValue != true { return (runs, gaps) }
        }
    }

    private func start(_ component: Component, _ agent: AgentUnderTest) async throws -> String {
        let started = try await agent.client().call(
            "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
        return try #require(started["id"]?.stringValue)
    }

    /// Of the component named `job`; asks the engine to wait, which is its event.
    private func waitUntilContainersEnd() async throws {
        let socket = try EngineUnderTest.requireSocketPath()
        let filter = "%7B%22label%22%3A%5B%22dev.runner-agent.component%3Dcomponent%3Adefault%2Fjob%22%5D%7D"
        let listed = try JSONReader.parse(
            Array(try await EngineView.get("/containers/json?all=1&filters=\(filter)").utf8))
        for container in listed.arrayValue ?? [] {
            let id = try #require(container["Id"]?.stringValue)
            try await run(
                "/usr/bin/curl", ["-sS", "-X", "POST", "--unix-socket", socket, "http://engine/containers/\(id)/wait"])
        }
    }
}

import Glibc
import RunnerProtocol
import TestSupport
import Testing

@Suite(.enabled(if: EngineUnderTest.isExpected)) struct RecoveryTests {
    @Test func `an agent killed 20 times loses no instance, runs none twice and leaves nothing over`() async throws {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            let component = try await Component.server(in: directory, "web")
            var known: Set<String> = []
            for round in 0..<20 {
                try await AgentUnderTest.run(directory: directory) { agent in
                    let client = try agent.client()
                    let listed = try await client.call("runner.list", #"{"limit":200}"#)
                    let instances = listed["instances"]?.arrayValue ?? []
                    let ids = Set(instances.compactMap { $0["id"]?.stringValue })
                    #expect(known.isSubset(of: ids))
                    #expect(instances.count { $0["status"]?.stringValue == "running" } <= 1)
                    let begun = try await client.call("runner.start", #"{"source":{"path":"\#(component.path)"}}"#)
                    known.insert(try #require(begun["id"]?.stringValue))
                    // Each round dies a little later in the start; the last ones when it runs.
                    _ = try await client.call("runner.watch")
                    for _ in 0..<(round % 7) {
                        _ = try? await client.notification(within: .milliseconds(400)) { _ in true }
                    }
                    try agent.process.kill()
                }
            }
            try await AgentUnderTest.run(directory: directory) { agent in
                let client = try agent.client()
                let begun = try await client.call(
                    "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
                let id = try #require(begun["id"]?.stringValue)
                let listed = try await client.call("runner.list", #"{"limit":200}"#)
                let instances = listed["instances"]?.arrayValue ?? []
                let ids = Set(instances.compactMap { $0["id"]?.stringValue })
                #expect(ids.isSuperset(of: known))
                #expect(instances.count { $0["status"]?.stringValue == "running" } == 1)
                #expect(
                    instances.allSatisfy { ["running", "stopped", "error"].contains($0["status"]?.stringValue ?? "") })
                _ = try await client.call("runner.stop", #"{"instanceId":"\#(id)"}"#)
                let left = try await EngineView.leftovers(of: agent.owner)
                #expect(left == "")
            }
        }
    }

    @Test func `a container outlives its agent and is taken back by the next one`() async throws {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            let component = try await Component.server(in: directory, "web")
            let id = try await AgentUnderTest.run(directory: directory) { agent in
                let started = try await agent.client().call(
                    "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
                return try #require(started["id"]?.stringValue)
            }
            try await AgentUnderTest.run(directory: directory) { agent in
                let client = try agent.client()
                let adopted = try await client.call("runner.get", #"{"instanceId":"\#(id)"}"#)
                #expect(adopted["status"]?.stringValue == "running")
                let logs = try await client.call("runner.logs", #"{"instanceId":"\#(id)","phases":["run"]}"#)
                #expect(logs.recordTexts == ["web is up"])
                let stopped = try await client.call("runner.stop", #"{"instanceId":"\#(id)"}"#)
                #expect(stopped["status"]?.stringValue == "stopped")
                let left = try await EngineView.leftovers(of: agent.owner)
                #expect(left == "")
            }
        }
    }

    @Test(arguments: ["the engine was away", "the journal was lost"])
    func `what a killed agent left is removed by the next start, also when`(trouble: String) async throws {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            let component = try await Component.server(in: directory, "web")
            try await AgentUnderTest.run(directory: directory) { agent in
                let client = try agent.client()
                _ = try await client.call("runner.watch")
                _ = try await client.call("runner.start", #"{"source":{"path":"\#(component.path)"}}"#)
                _ = try await client.notification { $0["params"]?["instance"]?["phase"]?.stringValue == "checking" }
                try agent.process.kill()
            }
            let isAway = trouble == "the engine was away"
            if !isAway { try writeTextFile("", to: directory + "/state/journal") }
            let engine = directory + "/engine.sock"
            try await AgentUnderTest.run(
                arguments: isAway ? ["--engine", "unix://" + engine] : [], directory: directory
            ) { agent in
                let client = try agent.client()
                if isAway {
                    let early = await #expect(throws: RPCClient.Failed.self) {
                        _ = try await client.call(
                            "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
                    }
                    #expect(early?.code == "ENGINE_UNAVAILABLE")
                    try await run("/bin/ln", ["-s", EngineUnderTest.requireSocketPath(), engine])
                }
                let started = try await client.call(
                    "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
                let ours = try await EngineView.leftovers(of: agent.owner)
                #expect(ours.components(separatedBy: #""Names""#) == 2, "\(ours)")
                let id = try #require(started["id"]?.stringValue)
                _ = try await client.call("runner.stop", #"{"instanceId":"\#(id)"}"#)
                let left = try await EngineView.leftovers(of: agent.owner)
                #expect(left == "")
            }
        }
    }

    @Test func `what a client was told is on the disk before it was told`() async throws {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            let component = try await Component.server(in: directory, "web")
            var earlier: String?
            for _ in 0..<5 {
                earlier = try await AgentUnderTest.run(directory: directory) { agent in
                    let client = try agent.client()
                    if let earlier {
                        let found = try await client.call("runner.get", #"{"instanceId":"\#(earlier)"}"#)
                        #expect(found["status"]?.stringValue == "running")
                        #expect(found["failure"] == nil, "\(found)")
                    }
                    let started = try await client.call(
                        "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
                    try agent.process.kill()
                    return try #require(started["id"]?.stringValue)
                }
            }
            let last = try #require(earlier)
            try await AgentUnderTest.run(directory: directory) { agent in
                let client = try agent.client()
                let stopped = try await client.call("runner.stop", #"{"instanceId":"\#(last)"}"#)
                #expect(stopped["status"]?.stringValue == "stopped")
                try agent.process.kill()
            }
            try await AgentUnderTest.run(directory: directory) { agent in
                let found = try await agent.client().call("runner.get", #"{"instanceId":"\#(last)"}"#)
                #expect(found["status"]?.stringValue == "stopped")
                #expect(found["failure"] == nil, "\(found)")
            }
        }
    }

    @Test func `a time to live goes on over a restart of the agent`() async throws {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            let component = try await Component.server(in: directory, "web")
            let id = try await AgentUnderTest.run(directory: directory) { agent in
                let started = try await agent.client().call(
                    "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running","ttlSeconds":2}"#)
                try agent.process.kill()
                return try #require(started["id"]?.stringValue)
            }
            try await AgentUnderTest.run(directory: directory) { agent in
                let client = try agent.client()
                let watched = try await client.call("runner.watch", #"{"instanceId":"\#(id)"}"#)
                if watched["instances"]?.arrayValue?.first?["status"]?.stringValue != "stopped" {
                    _ = try await client.notification(within: .seconds(30)) {
                        $0["params"]?["instance"]?["status"]?.stringValue == "stopped"
                    }
                }
                let left = try await EngineView.leftovers(of: agent.owner)
                #expect(left == "")
            }
        }
    }

    @Test func `starts cancelled at different moments each end as cancelled and leave nothing`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let component = try await Component.server(in: agent.directory, "web", "ARG N\nRUN echo $N && sleep 0.3")
            let client = try agent.client()
            for round in 0..<Torture.count(short: 30, long: 300) {
                let params = """
                    {"source":{"path":"\(component.path)"},"wait":"running","_meta":{"progressToken":\(round)},
                    "config":{"runner":{"type":"docker","ports":["auto:3000"],"build":{"args":{"N":"\(round)"}}}}}
                    """.split(separator: "\n").joined()
                let id = try await client.begin("runner.start", params)
                for _ in 0..<(round % 6) {
                    _ = try? await client.notification(within: .milliseconds(300)) {
                        $0["method"]?.stringValue == "$/progress"
                    }
                }
                try await client.notify("$/cancelRequest", #"{"id":\#(id)}"#)
                do {
                    // It may have won the race; then it runs, and the next start replaces it.
                    let won = try await client.answer(to: id, within: .seconds(20))
                    #expect(won["status"]?.stringValue == "running")
                } catch let failed as RPCClient.Failed {
                    #expect(failed.error["code"]?.intValue == -32800, "\(failed)")
                }
            }
            let listed = try await client.call("runner.list", #"{"status":["starting","running","stopping"]}"#)
            for instance in listed["instances"]?.arrayValue ?? [] {
                _ = try await client.call("runner.stop", #"{"instanceId":"\#(instance["id"]?.stringValue ?? "")"}"#)
            }
            let left = try await EngineView.leftovers(of: agent.owner)
            #expect(left == "")
        }
    }

    @Test func `of ten starts at once exactly one runs and every one is answered`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let component = try await Component.server(in: agent.directory, "web")
            let client = try agent.client()
            var ids: [Int] = []
            for _ in 0..<10 {
                ids.append(
                    try await client.begin(
                        "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#))
            }
            var running = 0
            var superseded = 0
            for id in ids {
                do {
                    _ = try await client.answer(to: id)
                    running += 1
                } catch let failed as RPCClient.Failed {
                    #expect(failed.code == "SUPERSEDED", "\(failed)")
                    superseded += 1
                }
            }
            #expect(running >= 1 && running + superseded == 10)
            let listed = try await client.call("runner.list", #"{"status":["running","starting","stopping"]}"#)
            #expect(listed["instances"]?.arrayValue?.count == 1)
        }
    }

    @Test func `a second agent on the same state is refused and says who holds it`() async throws {
        try await AgentUnderTest.run { agent in
            try await ChildProcess.run(
                AgentUnderTest.binary,
                [
                    "serve", "--socket", agent.directory + "/run/other.sock", "--state-dir", agent.stateDirectory,
                    "--cache-dir", agent.cacheDirectory,
                ]
            ) { process in
                let message = try await process.errorOutput.rest().joined()
                let ending = try await process.ending()
                #expect(ending == .exited(3))
                #expect(message.contains("\(agent.process.processIdentifier)"), "\(message)")
            }
        }
    }
}

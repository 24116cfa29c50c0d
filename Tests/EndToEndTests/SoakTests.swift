import FoundationEssentials
import RunnerProtocol
import TestSupport
import Testing

/// `SOAK_SECONDS` of starts, stops and followers while the engine fails: memory and descriptors must not grow.
@Suite(.enabled(if: EngineUnderTest.isExpected && environmentVariable("SOAK_SECONDS") != nil)) struct SoakTests {
    private static let followers = 20

    @Test func `an agent beside a failing engine keeps its memory and its descriptors`() async throws {
        let seconds = environmentVariable("SOAK_SECONDS").flatMap { Int($0) } ?? 600
        try await withTemporaryDirectory { directory in
            try await FaultProxy.run(in: directory, ["random:3:\(seconds)"]) { engine in
                try await AgentUnderTest.run(
                    configuration: "limits: {historyCount: 20}", arguments: ["--engine", engine.url],
                    directory: directory
                ) { agent in
                    let component = try await NumberedLog.component(in: directory, pauseMicroseconds: 500)
                    let client = try agent.client()
                    let began = ContinuousClock.now
                    var baseline: Usage?
                    var round = 0
                    while ContinuousClock.now - began < .seconds(seconds) {
                        round += 1
                        await play(round, component, agent, engine)
                        let usage = try Usage(of: agent)
                        let passed = (ContinuousClock.now - began).components.seconds
                        print("soak \(passed) s: round \(round), \(usage)")
                        // After the caches and the history have filled.
                        if baseline == nil, passed > Int64(seconds) / 5 { baseline = usage }
                    }
                    let end = try Usage(of: agent)
                    let first = try #require(baseline)
                    #expect(end.descriptors <= first.descriptors + 8, "\(first) to \(end)")
                    #expect(end.residentKiB <= first.residentKiB + 32 << 10, "\(first) to \(end)")
                    _ = try await client.call("agent.ping")
                }
            }
        }
    }

    /// One start, followers that come and go, one that never reads, a fault, one stop; the engine may refuse any of it.
    private func play(_ round: Int, _ component: Component, _ agent: AgentUnderTest, _ engine: FaultProxy) async {
        do {
            let stalled = try agent.connect(reads: false)
            defer { stalled.close() }
            let control = try agent.connect()
            defer { control.close() }
            let client = RPCClient(control)
            let id = try await client.call(
                "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)["id"]
            let params = #"{"instanceId":"\#(id?.stringValue ?? "")","follow":true}"#
            try await stalled.send(#"{"jsonrpc":"2.0","id":1,"method":"runner.logs","params":\#(params)}"#)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.followers {
                    group.addTask {
                        let connection = try agent.connect()
                        defer { connection.close() }
                        let follower = RPCClient(connection)
                        _ = try await follower.call("runner.logs", params)
                        for _ in 0..<10 {
                            _ = try await follower.notification(within: .seconds(20)) {
                                $0["method"]?.stringValue?.hasPrefix("runner.log") == true
                            }
                        }
                    }
                }
                if round % 3 == 0 { try engine.cutAll() }
                if round % 7 == 0 {
                    try engine.freeze()
                    try await Task.sleep(for: .seconds(2))
                    try engine.thaw()
                }
                try await group.waitForAll()
            }
            _ = try await client.call("runner.stop", #"{"instanceId":"\#(id?.stringValue ?? "")"}"#)
        } catch {
            print("soak: round \(round): \(error)")
        }
    }
}

private struct Usage: CustomStringConvertible {
    let residentKiB: Int
    let descriptors: Int

    init(of agent: AgentUnderTest) throws {
        let process = "/proc/\(agent.process.processIdentifier)"
        let line = try readTextFile(process + "/status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        residentKiB = Int(line?.filter(\.isNumber) ?? "") ?? 0
        descriptors = try FileManager.default.contentsOfDirectory(atPath: process + "/fd").count
    }

    var description: String { "\(residentKiB) KiB resident, \(descriptors) descriptors" }
}

import RunnerProtocol
import TestSupport
import Testing

@Suite(.enabled(if: EngineUnderTest.isExpected)) struct MainJobTests {
    @Test func `a directory is built, run, followed and stopped, and nothing of ours is left but the image`()
        async throws
    {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let component = try await Component.server(in: agent.directory, "web")
            let client = try agent.client()
            let started = try await client.call(
                "runner.start",
                #"{"componentRef":"component:default/web","source":{"path":"\#(component.path)"},"wait":"running"}"#)
            #expect(started["status"]?.stringValue == "running")
            #expect(started["ports"]?.arrayValue?.count == 1)
            let id = try #require(started["id"]?.stringValue)
            let url = try #require(started["endpoints"]?.arrayValue?.first?["url"]?.stringValue)
            let listed = try await client.call("runner.list")
            #expect(listed["instances"]?.arrayValue?.first?["id"]?.stringValue == id)
            let answer = try await run("/usr/bin/curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", url])
            #expect(answer == "404")

            _ = try await client.call("runner.logs", #"{"instanceId":"\#(id)","follow":true}"#)
            var seen: [String] = []
            while !seen.contains("web is up") {
                seen += try await client.notification { $0["method"]?.stringValue == "runner.log" }.recordTexts
            }
            let stopped = try await client.call("runner.stop", #"{"instanceId":"\#(id)"}"#)
            #expect(stopped["status"]?.stringValue == "stopped")
            #expect(stopped["failure"] == nil)
            let end = try await client.notification { $0["method"]?.stringValue == "runner.log.end" }
            #expect(end["params"]?["reason"]?.stringValue == "ended")
            let left = try await EngineView.leftovers(of: agent.owner)
            #expect(left == "")
        }
    }

    @Test func `a commit is fetched from GitHub once, and an unchanged one is neither downloaded nor built again`()
        async throws
    {
        try EngineUnderTest.require()
        try await LoopbackGitHub.run { github in
            try await AgentUnderTest.run(configuration: github.agentConfiguration) { agent in
                let component = try await Component.server(in: agent.directory, "web")
                let commit = try await github.addRepository("octo/web", from: component.path)
                let client = try agent.client()
                let params = #"{"source":{"location":"\#(github.location("octo/web"))"},"wait":"running"}"#
                let first = try await client.call("runner.start", params)
                #expect(first["source"]?["commit"]?.stringValue == commit)
                #expect(first["image"]?["cached"]?.boolValue == false)
                #expect(first["componentRef"]?.stringValue == "component:default/web")
                let downloads = try github.requests().count { $0.contains("legacy.tar.gz") }
                #expect(downloads == 1)
                let second = try await client.call("runner.start", params)
                #expect(second["image"]?["cached"]?.boolValue == true)
                #expect(second["id"] != first["id"])
                let again = try github.requests().count { $0.contains("legacy.tar.gz") }
                #expect(again == 1)
            }
        }
    }

    @Test func `a second component stops the first only once it is ready to run`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let one = try await Component.server(in: agent.directory, "one")
            let two = try await Component.server(in: agent.directory, "two", "RUN sleep 1")
            let client = try agent.client()
            let first = try await client.call("runner.start", #"{"source":{"path":"\#(one.path)"},"wait":"running"}"#)
            let firstID = try #require(first["id"]?.stringValue)
            let watched = try await client.call("runner.watch")
            #expect(watched["instances"]?.arrayValue?.count == 1)
            let second = try await client.call("runner.start", #"{"source":{"path":"\#(two.path)"},"wait":"running"}"#)
            let secondID = try #require(second["id"]?.stringValue)
            var phaseWhenStopped: String?
            var secondPhase: String?
            for notification in client.notifications {
                guard let instance = notification["params"]?["instance"] else { continue }
                if instance["id"]?.stringValue == secondID {
                    secondPhase = instance["phase"]?.stringValue ?? secondPhase
                }
                if instance["id"]?.stringValue == firstID, instance["status"]?.stringValue != "running",
                    phaseWhenStopped == nil
                {
                    phaseWhenStopped = secondPhase
                }
            }
            #expect(phaseWhenStopped == "creating")
            let old = try await client.call("runner.get", #"{"instanceId":"\#(firstID)"}"#)
            #expect(old["status"]?.stringValue == "stopped")
        }
    }

    @Test func `a second start whose build fails leaves the first running`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let good = try await Component.server(in: agent.directory, "good")
            let bad = try await Component.make(in: agent.directory, "bad", dockerfile: "RUN echo no luck && exit 7")
            let client = try agent.client()
            let first = try await client.call("runner.start", #"{"source":{"path":"\#(good.path)"},"wait":"running"}"#)
            let failure = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.start", #"{"source":{"path":"\#(bad.path)"},"wait":"running"}"#)
            }
            #expect(failure?.code == "BUILD_FAILED")
            let id = try #require(first["id"]?.stringValue)
            let still = try await client.call("runner.get", #"{"instanceId":"\#(id)"}"#)
            #expect(still["status"]?.stringValue == "running")
        }
    }

    @Test func `a component is healthy when its health check says so`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let component = try await Component.make(
                in: agent.directory, "web",
                dockerfile:
                    "RUN mkdir /www && touch /www/ok\nCMD [\"httpd\", \"-f\", \"-p\", \"3000\", \"-h\", \"/www\"]",
                config:
                    "runner: {type: docker, ports: [\"auto:3000\"], healthCheck: {path: /ok, interval: 1s, timeout: 1s}}"
            )
            let client = try agent.client()
            let started = try await client.call(
                "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"healthy"}"#)
            #expect(started["health"]?.stringValue == "healthy")
        }
    }

    @Test func `the same works over stdio, and what was asked for is served after stdin has ended`() async throws {
        try EngineUnderTest.require()
        try await withTemporaryDirectory { directory in
            let component = try await Component.make(
                in: directory, "job", dockerfile: #"CMD ["sh", "-c", "echo one; sleep 1; echo two; sleep 2"]"#)
            try await AgentUnderTest.runStdio(directory: directory) { process in
                let client = RPCClient(process)
                let started = try await client.call(
                    "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
                let id = try #require(started["id"]?.stringValue)
                _ = try await client.call("runner.logs", #"{"instanceId":"\#(id)","follow":true,"phases":["run"]}"#)
                try await process.closeInput()
                var seen: [String] = []
                while let line = try await process.output.next() {
                    let message = try JSONReader.parse(Array(line.utf8))
                    seen += message.recordTexts
                }
                for notification in client.notifications { seen = notification.recordTexts + seen }
                #expect(seen == ["one", "two"])
                let ending = try await process.ending()
                #expect(ending == .exited(0))
            }
        }
    }
}

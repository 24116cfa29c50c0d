import RunnerProtocol
import TestSupport
import Testing

/// What a build takes, tells and leaves behind.
@Suite(.enabled(if: EngineUnderTest.isExpected), .timeLimit(.minutes(5))) struct BuildTests {
    private static let command = #"CMD ["sleep", "60"]"#

    private func config(_ build: String) -> String {
        #"runner: {type: docker, ports: ["auto:3000"], build: {\#(build)}}"#
    }

    private func params(_ component: Component, _ more: String = "") -> String {
        #"{"source":{"path":"\#(component.path)"},"wait":"running"\#(more)}"#
    }

    private func buildLog(_ client: RPCClient, _ id: String) async throws -> [String] {
        try await client.call("runner.logs", #"{"instanceId":"\#(id)","phases":["build"]}"#).recordTexts
    }

    @Test(arguments: ["", "engine: {builder: classic}"])
    func `arguments, target, labels and platform reach the build`(configuration: String) async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping(configuration: configuration) { agent, client in
            let component = try await Component.make(
                in: agent.directory, "web",
                dockerfile: """
                    ARG WHAT=nothing
                    RUN echo argument $WHAT
                    FROM \(EngineUnderTest.baseImage) AS prod
                    RUN echo stage prod
                    \(Self.command)
                    FROM prod AS last
                    RUN false
                    """,
                config: config("args: {WHAT: something}, target: prod, labels: {team: blue}, platform: linux/amd64"))
            let started = try await client.call("runner.start", params(component))
            let id = try #require(started["id"]?.stringValue)
            let image = try #require(started["image"]?["id"]?.stringValue)
            let inspected = try await EngineView.get("/images/\(image)/json")
            #expect(inspected.contains(#""team":"blue""#))
            let texts = try await buildLog(client, id)
            #expect(texts.contains("stage prod"), "\(texts)")
        }
    }

    @Test func `each step is told as progress and named in the log, also when two take turns`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping { agent, client in
            // Each stage waits for the other's file in a cache that both mount: so their lines must take turns.
            let owner = try agent.owner
            let mount = "RUN --mount=type=cache,id=turns-\(owner),target=/turns,sharing=shared"
            let wait = { (file: String) in "until [ -e /turns/\(file) ]; do sleep 0.05; done" }
            let component = try await Component.make(
                in: agent.directory, "web", dockerfile: nil,
                files: [
                    "Dockerfile": """
                    FROM \(EngineUnderTest.baseImage) AS one
                    \(mount) echo one begins; touch /turns/a; \(wait("b")); echo one ends; touch /turns/c /done
                    FROM \(EngineUnderTest.baseImage) AS two
                    \(mount) \(wait("a")); echo two begins; touch /turns/b; \(wait("c")); echo two ends
                    COPY --from=one /done /done
                    \(Self.command)
                    """
                ])
            let started = try await client.call(
                "runner.start", params(component, #","_meta":{"progressToken":"p"}"#))
            let id = try #require(started["id"]?.stringValue)
            let texts = try await buildLog(client, id)
            // Before each line of output the newest name of a step is that of its own.
            for (line, stage) in [
                ("one begins", "one"), ("two begins", "two"), ("one ends", "one"), ("two ends", "two"),
            ] {
                let index = try #require(texts.firstIndex(of: line), "\(texts)")
                let name = texts[..<index].last { $0.hasPrefix("[") }
                #expect(name?.hasPrefix("[\(stage) ") == true, "\(line) after \(name ?? "nothing") in \(texts)")
            }
            let progress = client.notifications.compactMap { $0["params"]?["value"]?["message"]?.stringValue }
            #expect(progress.contains { $0.contains("RUN --mount=type=cache") }, "\(progress)")
        }
    }

    @Test func `a failed step is named with its exit code and its last lines`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping { agent, client in
            let component = try await Component.make(
                in: agent.directory, "web", dockerfile: "RUN echo out of luck >&2; exit 9\n" + Self.command)
            let failed = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.start", params(component))
            }
            let failure = try #require(failed?.error["data"])
            #expect(failure["code"]?.stringValue == "BUILD_FAILED")
            #expect(failure["exitCode"]?.intValue == 9)
            #expect(failure["step"]?.stringValue == "RUN echo out of luck >&2; exit 9", "\(failure.text)")
            let tail = failure["logTail"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(tail.contains("out of luck"), "\(tail)")
        }
    }

    @Test func `a cancelled build and one that takes too long leave no process and no image`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping { agent, client in
            _ = try await client.call("runner.watch")
            for (seconds, build) in [("3141592", ""), ("2718281", "timeout: 8s")] {
                let component = try await Component.make(
                    in: agent.directory, "web\(seconds)",
                    dockerfile: "RUN echo begun; sleep \(seconds)\n" + Self.command,
                    config: config(build))
                let request = try await client.begin("runner.start", params(component))
                // Of one that is timed out the step may not even begin, on a machine that is busy.
                if build.isEmpty { try await runningStep(client, of: "component:default/web\(seconds)") }
                let clock = ContinuousClock()
                let asked = clock.now
                if build.isEmpty { try await client.notify("$/cancelRequest", #"{"id":\#(request)}"#) }
                let failed = await #expect(throws: RPCClient.Failed.self) { _ = try await client.answer(to: request) }
                // The time limit's moment is its answer's, more or less.
                let ended = build.isEmpty ? asked : clock.now
                #expect(
                    failed?.code == (build.isEmpty ? "CANCELLED" : "BUILD_TIMEOUT"), "\(String(describing: failed))")
                try await withDeadline(.seconds(10), waitingFor: "the end of the step") {
                    // The end of another's child is no event for us.
                    while try await processes().contains("sleep \(seconds)") {
                        try await Task.sleep(for: .milliseconds(10))
                    }
                }
                // A second is promised; a machine that is busy with other tests gets more.
                #expect(ended.duration(to: clock.now) < .seconds(5))
                #expect(try await EngineView.leftovers(of: agent.owner) == "")
                let id = try #require(failed?.error["data"]?["instanceId"]?.stringValue)
                let instance = try await client.call("runner.get", #"{"instanceId":"\#(id)"}"#)
                #expect(instance["status"]?.stringValue == (build.isEmpty ? "stopped" : "error"))
                #expect(try await images(of: agent) == [])
            }
        }
    }

    /// Waits until the build step has begun to speak.
    private func runningStep(_ client: RPCClient, of component: String) async throws {
        let accepted = try await client.notification {
            $0["params"]?["instance"]?["componentRef"]?.stringValue == component
        }
        let id = try #require(accepted["params"]?["instance"]?["id"]?.stringValue)
        _ = try await client.call("runner.logs", #"{"instanceId":"\#(id)","follow":true,"phases":["build"]}"#)
        while true {
            let records = try await client.notification { $0["method"]?.stringValue == "runner.log" }
            if records.recordTexts.contains("begun") { return }
        }
    }

    private func processes() async throws -> String {
        try await run("/bin/sh", ["-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' || true"])
    }

    private func images(of agent: AgentUnderTest) async throws -> [String] {
        let filter = "%7B%22label%22%3A%5B%22dev.runner-agent.owner%3D\(try agent.owner)%22%5D%7D"
        let listed = try JSONReader.parse(Array(try await EngineView.get("/images/json?filters=\(filter)").utf8))
        return (listed.arrayValue ?? []).compactMap { $0["Id"]?.stringValue }
    }

    @Test func `a limit that BuildKit does not have is told`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping { agent, client in
            let component = try await Component.make(
                in: agent.directory, "web", dockerfile: Self.command, config: config("memory: 512m"))
            let started = try await client.call("runner.start", params(component))
            #expect(started["warnings"]?.text.contains("build.memory") == true, "\(started.text)")
        }
    }

    @Test func `the running image and the newest other one stay, and one that somebody uses or has named`() async throws
    {
        try EngineUnderTest.require()
        try await AgentUnderTest.runStopping { agent, client in
            var made: [String] = []
            var holder = ""
            for number in 1...6 {
                let component = try await Component.make(
                    in: agent.directory, "web", dockerfile: "RUN echo \(number) > /number\n" + Self.command)
                let started = try await client.call("runner.start", params(component))
                let image = try #require(started["image"]?["id"]?.stringValue)
                made.append(image)
                if number == 1 {
                    holder = try await EngineView.send(
                        "POST", "/containers/create", #"{"Image":"\#(image)","Labels":{"dev.runner-agent.test":"1"}}"#)
                }
                if number == 2 {
                    _ = try await EngineView.send("POST", "/images/\(image)/tag?repo=kept-\(number)&tag=1")
                }
            }
            let expected = Set([made[0], made[1], made[4], made[5]])
            try await withDeadline(.seconds(30), waitingFor: "the removal of old images") {
                // Nothing tells when the last removal is over: the engine is asked.
                while Set(try await images(of: agent)) != expected { try await Task.sleep(for: .milliseconds(50)) }
            }
            let id = try #require(try JSONReader.parse(Array(holder.utf8))["Id"]?.stringValue)
            _ = try await EngineView.send("DELETE", "/containers/\(id)?force=1")
            _ = try await EngineView.send("DELETE", "/images/kept-2:1")
        }
    }
}

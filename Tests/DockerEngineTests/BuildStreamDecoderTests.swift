import Testing

@testable import DockerEngine

@Suite struct BuildStreamDecoderTests {
    /// Decodes a recorded answer, cut every `size` bytes; the failure is what `finish` threw.
    private static func decode(
        _ build: Fixture.Build, size: Int = 1000
    ) throws -> (events: [BuildEvent], failure: BuildFailure?) {
        guard build.status == 200 else {
            let message = EngineErrorBody.message(build.status, Array(build.body.utf8))
            return ([], BuildFailure(engineText: message, code: nil, step: nil))
        }
        var decoder = BuildStreamDecoder(kind: build.isPodman ? .podman : .docker)
        var events: [BuildEvent] = []
        let bytes = Array(build.body.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            events += try decoder.push(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        do {
            return (events + (try decoder.finish()), nil)
        } catch let failure as BuildFailure {
            return (events, failure)
        }
    }

    private static func text(of events: [BuildEvent], _ stream: LogChunk.Stream) -> String {
        String(
            decoding: events.flatMap { event -> [UInt8] in
                guard case .log(_, stream, let bytes) = event else { return [] }
                return bytes
            }, as: UTF8.self)
    }

    private static func steps(of events: [BuildEvent]) -> [BuildStep] {
        events.compactMap { event in
            guard case .step(let step) = event else { return nil }
            return step
        }
    }

    @Test(
        arguments: try Fixture.builds().filter {
            ["classic_ok", "classic_ok_again_cached", "bk_ok", "bk_ok_again_cached"].contains($0.case)
        }, [1, 13, 1_000_000])
    func `decodes a build that succeeds`(build: Fixture.Build, size: Int) throws {
        let (events, failure) = try Self.decode(build, size: size)
        #expect(failure == nil)
        guard case .imageID(let id) = events.last else {
            Issue.record("no image id at the end")
            return
        }
        #expect(id.hasPrefix("sha256:") && id.count == 71)
        let steps = Self.steps(of: events)
        let run = try #require(steps.first { $0.name.hasPrefix("RUN echo out") })
        #expect(run.number == 2)
        let last = try #require(steps.last { $0.id == run.id })
        if build.case.hasSuffix("cached") {
            #expect(last.state == .cached)
            #expect(Self.text(of: events, .stdout) == "")
        } else {
            #expect(last.state == .completed)
            // Podman sends both streams as one, in any order.
            let output = Self.text(of: events, .stdout)
            for line in build.isPodman ? ["out\n", "err\n", "a\rb\n"] : ["out\na\rb\n"] {
                #expect(output.contains(line), "\(output)")
            }
            #expect(!output.contains("--->") && !output.contains("Step") && !output.contains("STEP"))
            #expect(Self.text(of: events, .stderr) == (build.isPodman ? "" : "err\n"))
        }
        let copy = try #require(steps.last { $0.name == "COPY f.txt /f.txt" })
        #expect(copy.state == (build.case.hasSuffix("cached") ? .cached : .completed))
    }

    @Test(arguments: try Fixture.builds().filter { $0.case.hasSuffix("_run_fails") })
    func `tells step, code and output of a RUN that fails`(build: Fixture.Build) throws {
        let (events, failure) = try Self.decode(build)
        #expect(failure?.kind == .runFailed)
        #expect(failure?.exitCode == 7)
        #expect(failure?.step == "RUN echo out; echo err >&2; exit 7")
        #expect(Self.text(of: events, .stdout).contains("out\n"))
        let failed = Self.steps(of: events).last { $0.name.hasPrefix("RUN") }
        guard case .failed = failed?.state else {
            Issue.record("the step is \(String(describing: failed?.state))")
            return
        }
    }

    @Test(arguments: try Fixture.builds())
    func `classifies every recorded failure`(build: Fixture.Build) throws {
        let expected: BuildFailure.Kind?
        switch build.case {
        case "classic_parse_error", "bk_parse_error", "classic_no_dockerfile", "bk_no_dockerfile", "bad_tag":
            expected = .dockerfileInvalid
        case "classic_mount_needs_buildkit": expected = build.isPodman ? nil : .dockerfileInvalid
        case "classic_copy_missing", "bk_copy_missing": expected = .copySourceMissing
        case "classic_target_missing": expected = .targetMissing
        case "base_image_unreachable": expected = .baseImageUnreachable
        case "classic_run_fails", "bk_run_fails": expected = .runFailed
        case "bk_no_session_secret": expected = .sessionRequired
        case "bk_no_session_token_registry": expected = build.engine == "d29" ? nil : .sessionRequired
        case "bad_buildargs": expected = .other
        default: expected = nil
        }
        let (_, failure) = try Self.decode(build)
        #expect(failure?.kind == expected, "\(failure?.message ?? "no failure")")
        #expect(failure?.message.contains("failed to solve with frontend") != true)
    }

    @Test(arguments: [
        (
            "manifest for 127.0.0.1:5000/x:nope not found: manifest unknown: manifest unknown",
            BuildFailure.Kind.baseImageMissing
        ),
        (
            "pull access denied for nodee, repository does not exist or may require 'docker login': denied",
            .baseImageMissing
        ),
        (
            "nosuch:1: failed to resolve source metadata for docker.io/library/nosuch:1: docker.io/library/nosuch:1: not found",
            .baseImageMissing
        ),
        ("Head \"https://r/v2/x/manifests/1\": no basic auth credentials", .baseImageUnauthorized),
        ("unauthorized: authentication required", .baseImageUnauthorized),
        ("toomanyrequests: You have reached your pull rate limit", .baseImageUnreachable),
        ("write /x: no space left on device", .noSpace),
        ("failed to solve: target stage \"x\" could not be found", .targetMissing),
        ("executor failed running [/bin/sh -c make]: runc did not terminate successfully", .runFailed),
        ("something new", .other),
    ])
    func `classifies what registries and disks say`(text: String, kind: BuildFailure.Kind) {
        #expect(BuildFailure(engineText: text, code: nil, step: nil).kind == kind)
    }

    @Test func `is not fooled by the words of a command`() {
        let failure = BuildFailure(
            engineText:
                #"process "/bin/sh -c echo exit code: 3; echo not found" did not complete successfully: exit code: 42"#,
            code: nil, step: "RUN x")
        #expect(failure.kind == .runFailed)
        #expect(failure.exitCode == 42)
    }

    @Test func `shows pulls as progress`() throws {
        for build in try Fixture.builds() where build.case.hasPrefix("real_pull") {
            let (events, _) = try Self.decode(build)
            let progress = events.filter { if case .progress = $0 { true } else { false } }
            #expect(!progress.isEmpty, "\(build.engine) \(build.case)")
        }
    }

    @Test func `shows BuildKit's warnings`() throws {
        let (events, _) = try Self.decode(try Fixture.build("d28", "bk_warnings"))
        let warned = events.contains { event in
            guard case .warning(let text) = event else { return false }
            return text.hasPrefix("MaintainerDeprecated") && text.contains("https://")
        }
        #expect(warned)
    }

    @Test func `needs an image for success`() throws {
        var decoder = BuildStreamDecoder(kind: .docker)
        _ = try decoder.push(Array(#"{"stream":"Step 1/1 : FROM x"}"#.utf8))
        let error = #expect(throws: EngineError.self) { try decoder.finish() }
        #expect(error?.kind == .streamEnded)
    }

    @Test func `says once that output was clipped`() {
        var progress = BuildKitProgress()
        var trace = BuildKitTrace()
        trace.logs = [
            BuildKitTrace.Log(vertex: "d", bytes: Array("x\n[output clipped, log limit 2MiB reached]\n".utf8))
        ]
        #expect(progress.take(trace).filter { $0 == .clipped }.count == 1)
        #expect(progress.take(trace).filter { $0 == .clipped }.isEmpty)
    }

    @Test func `takes the last word about a vertex, and a cancelled one for no cause`() {
        var progress = BuildKitProgress()
        func states(_ cached: Bool, _ error: String, digest: String = "d") -> [BuildStep.State] {
            var trace = BuildKitTrace()
            trace.vertexes = [
                BuildKitTrace.Vertex(
                    digest: digest, name: "[linux/amd64 builder 2/5] RUN x", cached: cached, started: true,
                    completed: true,
                    error: error)
            ]
            return Self.steps(of: progress.take(trace)).map(\.state)
        }
        #expect(states(false, "") == [.completed])
        #expect(states(false, "") == [])
        #expect(states(true, "") == [.cached])
        #expect(states(false, "process: context canceled: context canceled", digest: "e") == [.cancelled])
        #expect(progress.failedStep == nil)
        #expect(states(false, "boom", digest: "f") == [.failed(error: "boom")])
        #expect(progress.failedStep == "RUN x")
    }

    @Test(arguments: ["//8=", "CgU=", "C", "AAAAAAAAAAAAAAAA"])
    func `refuses a malformed trace`(base64: String) {
        #expect(throws: EngineError.self) { try BuildKitTrace(base64: base64) }
    }
}

@Suite struct VertexNameTests {
    @Test func `takes a name apart`() {
        let plain = VertexName("[2/4] RUN [ -f x ]")
        #expect(plain.instruction == "RUN [ -f x ]" && plain.number == 2 && plain.total == 4 && plain.stage == nil)
        let staged = VertexName("[stage-0 1/2] FROM x")
        #expect(staged.instruction == "FROM x" && staged.stage == "stage-0" && staged.number == 1)
        let inner = VertexName("[internal] load metadata for x")
        #expect(inner.instruction == "[internal] load metadata for x" && inner.number == nil)
    }
}

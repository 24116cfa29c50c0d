import DockerEngine
import FoundationEssentials
import HTTPTransport
import TestSupport
import Testing

/// Builds on a real engine, with BuildKit and with the classic builder.
@Suite(.enabled(if: EngineUnderTest.isExpected), .timeLimit(.minutes(5))) struct LiveBuildTests {
    private static let builders: [BuildRequest.Builder] = [.automatic, .classic]

    private func failure(
        of dockerfile: String, _ builder: BuildRequest.Builder, target: String? = nil
    ) async throws -> BuildFailure {
        try await withLiveEngine { engine in
            let failure = await #expect(throws: BuildFailure.self) {
                _ = try await engine.build(dockerfile) { request in
                    request.builder = builder
                    request.target = target
                }
            }
            #expect(try await engine.client.inspectImage("\(engine.name):1") == nil)
            return try #require(failure)
        }
    }

    @Test(arguments: builders)
    func `builds an image`(builder: BuildRequest.Builder) async throws {
        try await withLiveEngine { engine in
            let dockerfile = """
                FROM \(EngineUnderTest.baseImage)
                ARG WHAT
                RUN echo out-$WHAT; echo err-$WHAT >&2
                COPY f.txt /f.txt
                EXPOSE 3000
                """
            let events = try await engine.build(dockerfile, files: [("f.txt", "text\n")]) { request in
                request.builder = builder
                request.buildArgs = ["WHAT": engine.name]
            }
            guard case .imageID(let id) = events.last else {
                Issue.record("no image id at the end of \(events)")
                return
            }
            func output(_ wanted: LogChunk.Stream) -> String {
                let bytes = events.flatMap { event -> [UInt8] in
                    guard case .log(let step, wanted, let bytes) = event, step?.name.hasPrefix("RUN") == true else {
                        return []
                    }
                    return bytes
                }
                return String(decoding: bytes, as: UTF8.self)
            }
            #expect(output(.stdout) == "out-\(engine.name)\n")
            #expect(output(.stderr) == "err-\(engine.name)\n")
            let image = try #require(try await engine.client.inspectImage("\(engine.name):1"))
            #expect(image.id == id)
            #expect(image.labels[LiveEngine.label] == engine.name)
            #expect(image.exposedPorts == ["3000/tcp"])
            #expect(try await engine.client.listImages(labels: engine.labels).contains { $0.id == id })
            try await engine.client.tagImage(id, repository: engine.name, tag: "2")
            #expect(try await engine.client.inspectImage("\(engine.name):2")?.id == id)
            try await engine.client.removeImage("\(engine.name):2")
            try await engine.client.removeImage("\(engine.name):2")
        }
    }

    @Test(arguments: builders)
    func `tells the exit code of a RUN that fails`(builder: BuildRequest.Builder) async throws {
        let failure = try await failure(
            of: "FROM \(EngineUnderTest.baseImage)\nRUN echo \(UInt64.random(in: .min ... .max)); exit 7", builder)
        #expect(failure.kind == .runFailed)
        #expect(failure.exitCode == 7)
        #expect(failure.step?.hasPrefix("RUN echo") == true)
    }

    @Test(arguments: builders)
    func `names a COPY source that is missing`(builder: BuildRequest.Builder) async throws {
        let failure = try await failure(of: "FROM \(EngineUnderTest.baseImage)\nCOPY nofile /x", builder)
        #expect(failure.kind == .copySourceMissing)
        #expect(failure.message.contains("nofile"))
        #expect(failure.step == "COPY nofile /x")
    }

    @Test(arguments: builders)
    func `refuses an unknown instruction and target`(builder: BuildRequest.Builder) async throws {
        let failure = try await failure(of: "FROM \(EngineUnderTest.baseImage)\nBOGUS x", builder)
        #expect(failure.kind == .dockerfileInvalid)
        #expect(failure.message.contains("BOGUS"))
        let target = try await self.failure(of: "FROM \(EngineUnderTest.baseImage)", builder, target: "nope")
        #expect(target.kind == .targetMissing)
    }

    @Test(arguments: builders)
    func `says that a base image cannot be had`(builder: BuildRequest.Builder) async throws {
        let failure = try await failure(of: "FROM localhost:1/no/such-image:1", builder)
        #expect([.baseImageUnreachable, .baseImageMissing].contains(failure.kind), "\(failure)")
    }

    @Test func `says why an image cannot be pulled`() async throws {
        try await withLiveEngine { engine in
            let failure = await #expect(throws: ImagePullFailure.self) {
                try await engine.client.pullImage("localhost:1/no/such-image:1")
            }
            #expect(failure?.kind == .network, "\(failure?.message ?? "")")
        }
    }

    @Test func `fails a build whose context was given up`() async throws {
        try await withLiveEngine { engine in
            let context = HTTPBodyPipe()
            let tar = makeTar([("Dockerfile", "FROM \(EngineUnderTest.baseImage)")])
            var request = BuildRequest(tags: ["\(engine.name):1"])
            request.labels = engine.labels
            async let written: Void = {
                // Everything is there, but the end of the body.
                try? await context.writeAsync(tar)
                while context.bytesTaken < tar.count { await Task.yield() }
                context.abort()
            }()
            await #expect(throws: (any Error).self) {
                for try await _ in engine.client.build(request, context: context) {}
            }
            await written
            let image = try await engine.client.inspectImage("\(engine.name):1")
            #expect(image == nil)
        }
    }

    @Test(arguments: builders)
    func `kills the running step when cancelled`(builder: BuildRequest.Builder) async throws {
        try await withLiveEngine { engine in
            let started = Promise<Void>()
            // The engine is on this machine, so its processes can be seen; this number is in no other's arguments.
            let seconds = String(UInt32.random(in: 1_000_000...4_000_000_000))
            let build = Task {
                let context = HTTPBodyPipe()
                try await context.writeAsync(
                    makeTar([
                        (
                            "Dockerfile",
                            "FROM \(EngineUnderTest.baseImage)\nRUN echo begun \(engine.name); sleep \(seconds)"
                        )
                    ]))
                context.finish()
                var request = BuildRequest(tags: ["\(engine.name):1"])
                request.labels = engine.labels
                request.builder = builder
                for try await event in engine.client.build(request, context: context) {
                    if case .log(_, _, let bytes) = event,
                        String(decoding: bytes, as: UTF8.self).contains("begun \(engine.name)")
                    {
                        started.fulfil(())
                    }
                }
            }
            try await withDeadline(.seconds(120), waitingFor: "the step's output") { try await started.value() }
            #expect(runningCommands().contains { $0.contains(seconds) })
            build.cancel()
            await #expect(throws: CancellationError.self) { try await build.value }
            try await withDeadline(.seconds(30), waitingFor: "the step's end") {
                // The end of another's child is no event for us.
                while runningCommands().contains(where: { $0.contains(seconds) }) {
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            #expect(try await engine.client.inspectImage("\(engine.name):1") == nil)
        }
    }
}

/// The arguments of all processes of this machine, as far as they can be seen.
private func runningCommands() -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.filter { $0.allSatisfy(\.isNumber) }.compactMap { process in
        // One that ends meanwhile is not running.
        FileManager.default.contents(atPath: "/proc/\(process)/cmdline").map { String(decoding: $0, as: UTF8.self) }
    }
}

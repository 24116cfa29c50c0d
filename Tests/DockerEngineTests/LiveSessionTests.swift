import DockerEngine
import TestSupport
import Testing

/// BuildKit's session on a real engine.
@Suite(.enabled(if: EngineUnderTest.isExpected), .timeLimit(.minutes(5))) struct LiveSessionTests {
    /// What a failing build says or the lines its steps print.
    private func lines(_ events: [BuildEvent]) -> [String] {
        let bytes = events.flatMap { event -> [UInt8] in
            guard case .log(_, .stdout, let bytes) = event else { return [] }
            return bytes
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `a secret reaches the step that mounts it, and is not in the image`() async throws {
        try await withLiveEngine { engine in
            let secret = "s3cret-\(engine.name)"
            let dockerfile = """
                FROM \(EngineUnderTest.baseImage)
                RUN --mount=type=secret,id=npm,required=true wc -c < /run/secrets/npm
                RUN --mount=type=secret,id=other test ! -e /run/secrets/other
                RUN test ! -s /run/secrets/npm
                """
            let offer = BuildSessionOffer(secrets: ["npm": Array(secret.utf8)])
            let events = try await engine.client.withBuildSession(offer) { session in
                try await engine.build(dockerfile) { $0.session = session }
            }
            #expect(lines(events).contains("\(secret.utf8.count)"))
        }
    }

    @Test func `a secret as large as BuildKit takes arrives whole`() async throws {
        try await withLiveEngine { engine in
            let offer = BuildSessionOffer(
                secrets: ["big": [UInt8](repeating: UInt8(ascii: "x"), count: BuildSessionOffer.maxSecretBytes)])
            let events = try await engine.client.withBuildSession(offer) { session in
                try await engine.build(
                    """
                    FROM \(EngineUnderTest.baseImage)
                    RUN --mount=type=secret,id=big wc -c < /run/secrets/big; echo \(engine.name)
                    """
                ) { $0.session = session }
            }
            #expect(lines(events).contains("\(BuildSessionOffer.maxSecretBytes)"))
        }
    }

    @Test func `a required secret that nobody gives is named`() async throws {
        try await withLiveEngine { engine in
            let failure = await #expect(throws: BuildFailure.self) {
                _ = try await engine.client.withBuildSession(BuildSessionOffer()) { session in
                    try await engine.build(
                        "FROM \(EngineUnderTest.baseImage)\nRUN --mount=type=secret,id=npm,required=true true"
                    ) { $0.session = session }
                }
            }
            #expect(failure?.kind == .secretMissing, "\(String(describing: failure))")
            #expect(failure?.message.contains("npm") == true)
        }
    }

    @Test func `a build that outlives several health checks keeps its session`() async throws {
        try await withLiveEngine { engine in
            let offer = BuildSessionOffer(secrets: ["late": Array("late".utf8)])
            _ = try await engine.client.withBuildSession(offer) { session in
                try await engine.build(
                    """
                    FROM \(EngineUnderTest.baseImage)
                    RUN sleep 4; echo \(engine.name)
                    RUN --mount=type=secret,id=late,required=true test "$(cat /run/secrets/late)" = late
                    """
                ) { $0.session = session }
            }
        }
    }
}

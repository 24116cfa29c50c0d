import RunnerProtocol
import TestSupport
import Testing

/// The golden sessions of `Protocol/transcripts`, line by line, on both transports.
///
/// A session ends with the client's half-close, after which nothing more may come.
@Suite struct TranscriptTests {
    static let playable = Transcript.all.filter { !$0.needsEngine || EngineUnderTest.isExpected }

    @Test func `there are transcripts, with and without an engine`() {
        #expect(Transcript.all.contains { $0.needsEngine })
        #expect(Transcript.all.contains { !$0.needsEngine })
    }

    @Test(arguments: playable) func `a session over the socket goes as its transcript says`(
        _ transcript: Transcript
    ) async throws {
        let server = try SilentServer()
        try await AgentUnderTest.run(
            configuration: server.agentConfiguration, environment: try environment(for: transcript)
        ) { agent in
            let connection = try agent.connect()
            var player = TranscriptPlayer(
                transcript: transcript, send: { try await connection.send($0) },
                receive: { try await connection.next() }, bindings: bindings(server))
            guard try await player.play() else { return }
            connection.halfClose()
            let rest = try await connection.lines.rest()
            #expect(rest == [])
        }
    }

    @Test(arguments: playable) func `a session over stdio goes as its transcript says`(
        _ transcript: Transcript
    ) async throws {
        let server = try SilentServer()
        try await withTemporaryDirectory { directory in
            try await AgentUnderTest.runStdio(
                configuration: server.agentConfiguration, environment: try environment(for: transcript),
                directory: directory
            ) { process in
                var player = TranscriptPlayer(
                    transcript: transcript, send: { try await process.send($0 + "\n") },
                    receive: { try await process.output.next() }, bindings: bindings(server))
                guard try await player.play() else { return }
                try await process.closeInput()
                let rest = try await process.output.rest()
                #expect(rest == [])
                let ending = try await process.ending()
                #expect(ending == .exited(0))
            }
        }
    }

    private func bindings(_ server: SilentServer) -> TranscriptPattern.Bindings {
        ["hello": .string(SupportTools.example("hello")), "stalled": .string(server.location)]
    }

    /// Without an engine a session goes the same way on every machine.
    private func environment(for transcript: Transcript) throws -> [String: String?] {
        guard transcript.needsEngine else { return ["DOCKER_HOST": "unix:///nonexistent/docker.sock"] }
        try EngineUnderTest.require()
        return [:]
    }
}

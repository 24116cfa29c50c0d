import DockerEngine
import NIOCore
import NIOHPACK
import TestSupport
import Testing

/// The session against recorded daemons and against peers that want none.
@Suite(.timeLimit(.minutes(1))) struct SessionTests {
    private static let offer = BuildSessionOffer(secrets: ["tok": Array("TOPSECRET".utf8)]) { host in
        host == "127.0.0.1:5001" ? RegistryAuth(username: "me", password: "s3cret", serverAddress: host) : nil
    }

    /// A stub that answers pings and, to `POST /session`, what it is given.
    private func withEngine<Value>(
        _ session: StubEngine.Answer, body: (EngineClient, StubEngine) async throws -> Value
    ) async throws -> Value {
        let ping = try Fixture.engine("d20").pingHead
        let version = try Fixture.engine("d20").version
        return try await withTemporaryDirectory { directory in
            let stub = try StubEngine(path: "\(directory)/s") { request in
                if request.target.hasSuffix("/session") { return session }
                if request.target.hasSuffix("/_ping") {
                    let field = ping.split(separator: "\r\n").first { $0.hasPrefix("Api-Version") }
                    return StubEngine.Answer(headers: field.map { [String($0)] } ?? [])
                }
                return request.target.hasSuffix("/version") ? .json(version) : .json("{}", status: 404)
            }
            defer { stub.stop() }
            return try await body(makeClient(socket: "\(directory)/s"), stub)
        }
    }

    /// What the agent has answered by stream when `count` streams are complete.
    private func answers(_ count: Int, to bytes: [UInt8]) async throws -> [Int: HTTP2Answer] {
        try await withEngine(StubEngine.Answer(upgrade: bytes)) { client, stub in
            try await client.withBuildSession(Self.offer) { session in
                #expect(session.id.count == 25)
                var received: [UInt8] = []
                for await chunk in stub.upgraded {
                    received += chunk
                    let answers = try HTTP2Answer.parse(received)
                    if answers.values.count(where: \.isComplete) == count { return answers }
                }
                throw SessionEnded()
            }
        }
    }

    @Test func `answers Docker 20 as recorded`() async throws {
        let answers = try await answers(8, to: Fixture.bytes(hex: try Fixture.session("d20").fromDaemon))
        #expect(answers[1]?.message == [0x0a, 2] + Array("me".utf8) + [0x12, 6] + Array("s3cret".utf8))
        #expect(answers[3]?.message == [0x0a, 9] + Array("TOPSECRET".utf8))
        for stream in stride(from: 5, through: 15, by: 2) { #expect(answers[stream]?.message == [8, 1]) }
        #expect(answers.values.allSatisfy { $0.status == "0" })
    }

    @Test(arguments: ["d28", "d29"])
    func `answers newer Docker as recorded, which asks for secrets nobody has`(engine: String) async throws {
        let answers = try await answers(5, to: Fixture.bytes(hex: try Fixture.session(engine).fromDaemon))
        #expect(answers[1]?.status == "5")
        #expect(answers[3]?.status == "5")
        #expect(answers[5]?.message == [0x0a, 2] + Array("me".utf8) + [0x12, 6] + Array("s3cret".utf8))
        #expect(answers[7]?.message == [0x0a, 9] + Array("TOPSECRET".utf8))
        #expect(answers[9]?.message == [8, 1])
    }

    @Test func `a request over the limit is refused and the session goes on`() async throws {
        let recorded = Fixture.bytes(hex: try Fixture.session("d20").fromDaemon)
        // Preface, settings, acknowledgement, and the headers of the first call.
        let opening = Array(recorded[..<(24 + 9 + 9 + 9 + 0x4a)])
        func data(_ count: Int, end: Bool) -> [UInt8] {
            [0, UInt8(count >> 8), UInt8(count & 0xff), 0, end ? 1 : 0, 0, 0, 0, 1]
                + [UInt8](repeating: 0, count: count)
        }
        let answers = try await answers(1, to: opening + data(16_384, end: false) + data(16_000, end: true))
        #expect(answers[1]?.status == "8")
    }

    @Test(arguments: [
        (StubEngine.Answer(status: 403, body: Array("<html>".utf8)), 403), (StubEngine.Answer(status: 404), 404),
        (StubEngine.Answer(status: 200), 200), (StubEngine.Answer(isSilent: true), nil),
    ])
    func `an engine without sessions is told apart, and nothing has run`(
        answer: StubEngine.Answer, status: Int?
    )
        async throws
    {
        try await withEngine(answer) { client, stub in
            let refused = await #expect(throws: BuildSessionRefused.self) {
                try await client.withBuildSession(Self.offer) { _ in Issue.record("the body has run") }
            }
            #expect(refused?.status == status)
            let request = try #require(stub.requests.last)
            #expect(request.target == "/v1.41/session")
            #expect(request.head.contains("Upgrade: h2c"))
            #expect(request.head.contains("X-Docker-Expose-Session-Grpc-Method: /moby.filesync.v1.Auth/Credentials"))
        }
    }

    @Test func `the session ends with its body, and with the body's error`() async throws {
        try await withEngine(StubEngine.Answer(upgrade: [])) { client, stub in
            await #expect(throws: SessionEnded.self) {
                try await client.withBuildSession(Self.offer) { _ in throw SessionEnded() }
            }
            // The stream ends when the connection does.
            for await _ in stub.upgraded {}
        }
    }
}

/// What a test throws through a session.
private struct SessionEnded: Error {}

/// What came back on one HTTP/2 stream: <https://www.rfc-editor.org/rfc/rfc9113>.
private struct HTTP2Answer {
    var message: [UInt8] = []
    var status: String?
    var isComplete = false

    static func parse(_ bytes: [UInt8]) throws -> [Int: HTTP2Answer] {
        var answers: [Int: HTTP2Answer] = [:]
        var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard rest.count >= 9 + length else { break }
            let payload = Array(rest.dropFirst(9).prefix(length))
            rest = rest.dropFirst(9 + length)
            let stream = Int(head[7]) << 8 | Int(head[8])
            if head[3] == 0 { answers[stream, default: HTTP2Answer()].message += payload.dropFirst(5) }
            if head[3] == 1 {
                var buffer = ByteBuffer(bytes: payload)
                let headers = try decoder.decodeHeaders(from: &buffer)
                if let status = headers.first(name: "grpc-status") {
                    answers[stream, default: HTTP2Answer()].status = status
                }
            }
            if head[3] <= 1, head[4] & 1 == 1 { answers[stream, default: HTTP2Answer()].isComplete = true }
        }
        return answers
    }
}

import FoundationEssentials
import Glibc
import NIOConcurrencyHelpers
import TestSupport
import Testing

@testable import DockerEngine

@Suite struct EngineConnectionTests {
    /// The path below `/v1.xx`.
    private static func isPing(_ request: StubEngine.Request) -> Bool { request.target == "/_ping" }

    /// Answers as a recorded engine does.
    private static func recorded(_ name: String) throws -> @Sendable (StubEngine.Request) -> StubEngine.Answer {
        let engine = try Fixture.engine(name)
        let fields = engine.pingHead.split(separator: "\r\n").dropFirst().filter {
            !$0.lowercased().hasPrefix("content-length") && !$0.lowercased().hasPrefix("connection")
        }
        let headers = fields.map { String($0) }
        return { request in
            if isPing(request) { return StubEngine.Answer(headers: headers) }
            if request.target == "/version" { return .json(engine.version) }
            if request.target.hasSuffix("/info") {
                return .json(
                    #"{"ID":"the-id","DockerRootDir":"/data","SecurityOptions":["name=seccomp,profile=x","name=rootless"]}"#
                )
            }
            return .json(#"{"message":"page not found"}"#, status: 404)
        }
    }

    @Test(arguments: [
        ("d20", "1.41", EngineInfo.Kind.docker), ("d28", "1.51", .docker), ("d29", "1.51", .docker),
        ("p4", "1.41", .podman), ("p5", "1.44", .podman),
    ])
    func `agrees on the newest version both speak`(name: String, version: String, kind: EngineInfo.Kind) async throws {
        try await withTemporaryDirectory { directory in
            let stub = try StubEngine(path: "\(directory)/s", answer: try Self.recorded(name))
            defer { stub.stop() }
            let client = makeClient(socket: "\(directory)/s")
            #expect(client.lastInfo == nil)
            let info = try await client.connect()
            #expect(info.apiVersion == version)
            #expect(info.kind == kind)
            #expect(info.id == "the-id")
            #expect(info.platform == "linux/amd64")
            #expect(info.isRootless)
            #expect(client.lastInfo == info)
            #expect(stub.calls == ["HEAD /_ping", "GET /version", "GET /v\(version)/info"])
            try await client.connect()
            #expect(stub.calls.count == 3, "the second connect answers from memory")
        }
    }

    @Test func `pings with GET when HEAD is not answered`() async throws {
        try await withTemporaryDirectory { directory in
            let recorded = try Self.recorded("d28")
            let stub = try StubEngine(path: "\(directory)/s") { request in
                request.method == "HEAD" ? StubEngine.Answer(status: 405) : recorded(request)
            }
            defer { stub.stop() }
            #expect(try await makeClient(socket: "\(directory)/s").connect().apiVersion == "1.51")
        }
    }

    @Test func `refuses an engine that only speaks newer versions and names both`() async throws {
        try await withTemporaryDirectory { directory in
            let stub = try StubEngine(path: "\(directory)/s") { request in
                Self.isPing(request)
                    ? StubEngine.Answer(headers: ["Api-Version: 1.70"])
                    : .json(#"{"Version":"40.0","ApiVersion":"1.70","MinAPIVersion":"1.60"}"#)
            }
            defer { stub.stop() }
            let error = await #expect(throws: EngineError.self) {
                try await makeClient(socket: "\(directory)/s").connect()
            }
            #expect(error?.kind == .unsupported)
            #expect(error?.message.contains("1.60") == true)
            #expect(error?.message.contains("1.51") == true)
        }
    }

    @Test func `refuses an engine that is too old and one that is none`() async throws {
        try await withTemporaryDirectory { directory in
            let old = try StubEngine(path: "\(directory)/old") { request in
                Self.isPing(request)
                    ? StubEngine.Answer(headers: ["Api-Version: 1.24"]) : .json(#"{"MinAPIVersion":"1.12"}"#)
            }
            defer { old.stop() }
            let error = await #expect(throws: EngineError.self) {
                try await makeClient(socket: "\(directory)/old").connect()
            }
            #expect(error?.kind == .unsupported)
            #expect(error?.message.contains("1.40") == true)

            let other = try StubEngine(path: "\(directory)/other") { _ in .json("<html>", status: 200) }
            defer { other.stop() }
            let foreign = await #expect(throws: EngineError.self) {
                try await makeClient(socket: "\(directory)/other").connect()
            }
            #expect(foreign?.kind == .protocol)
        }
    }

    @Test func `speaks the version that DOCKER_API_VERSION fixes`() async throws {
        try await withTemporaryDirectory { directory in
            let stub = try StubEngine(path: "\(directory)/s", answer: try Self.recorded("d28"))
            defer { stub.stop() }
            let client = makeClient(socket: "\(directory)/s", apiVersionOverride: "1.44")
            #expect(try await client.connect().apiVersion == "1.44")
            #expect(try await client.inspectContainer("x") == nil)
            #expect(stub.calls.last == "GET /v1.44/containers/x/json")
        }
    }

    @Test func `negotiates again when the engine was replaced`() async throws {
        try await withTemporaryDirectory { directory in
            let before = try Self.recorded("d20")
            let after = try Self.recorded("d29")
            let replaced = NIOLockedValueBox(false)
            let stub = try StubEngine(path: "\(directory)/s") { request in
                guard replaced.withLockedValue({ $0 }) else { return before(request) }
                guard request.target.hasPrefix("/v1.41/") else { return after(request) }
                return .json(
                    #"{"message":"client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade"}"#,
                    status: 400)
            }
            defer { stub.stop() }
            let client = makeClient(socket: "\(directory)/s")
            try await client.connect()
            replaced.withLockedValue { $0 = true }
            #expect(try await client.inspectContainer("x") == nil)
            #expect(stub.calls.suffix(2).first == "GET /v1.51/info")
            #expect(stub.calls.last == "GET /v1.51/containers/x/json")
        }
    }

    @Test func `tells an absent, a forsaken and a silent socket apart`() async throws {
        try await withTemporaryDirectory { directory in
            let absent = await #expect(throws: EngineError.self) {
                try await makeClient(socket: "\(directory)/none").connect()
            }
            #expect(absent?.kind == .unavailable(.absent))
            #expect(absent?.message.contains("\(directory)/none") == true)
            #expect(absent?.message.contains("DOCKER_HOST") == true)

            let stub = try StubEngine(path: "\(directory)/s") { _ in .json("") }
            stub.stop()
            let refused = await #expect(throws: EngineError.self) {
                try await makeClient(socket: "\(directory)/s").connect()
            }
            #expect(refused?.kind == .unavailable(.refused))
        }
    }

    @Test func `forgets the version when the connection breaks`() async throws {
        try await withTemporaryDirectory { directory in
            let recorded = try Self.recorded("d28")
            let stub = try StubEngine(path: "\(directory)/s") { request in
                guard request.target.hasSuffix("/containers/cut/json") else { return recorded(request) }
                var answer = StubEngine.Answer.json("{")
                answer.isTruncated = true
                return answer
            }
            defer { stub.stop() }
            let client = makeClient(socket: "\(directory)/s")
            let error = await #expect(throws: EngineError.self) { try await client.inspectContainer("cut") }
            #expect(error?.kind == .unavailable(.lost))
            #expect(try await client.inspectContainer("x") == nil)
            #expect(stub.calls.filter { $0 == "HEAD /_ping" }.count == 2)
        }
    }

    @Test func `names every candidate when none answers`() async throws {
        try await withTemporaryDirectory { directory in
            let recorded = try Self.recorded("d28")
            let stub = try StubEngine(path: "\(directory)/live", answer: recorded)
            defer { stub.stop() }
            let dead = ["a", "b"].map { EngineEndpoint(transport: .unix(path: "\(directory)/\($0)")) }
            let live = EngineEndpoint(transport: .unix(path: "\(directory)/live"))
            let model = makeClient(socket: "/none")
            let found = try await EngineClient.firstReachable(dead + [live], http: model.http, logger: model.logger)
            #expect(found.endpoint == live)
            let error = await #expect(throws: EngineError.self) {
                try await EngineClient.firstReachable(dead, http: model.http, logger: model.logger)
            }
            #expect(error?.kind == .unavailable(.absent))
            for endpoint in dead { #expect(error?.message.contains(endpoint.description.dropFirst(7)) == true) }
        }
    }

    @Test func `encodes names and filters`() async throws {
        try await withTemporaryDirectory { directory in
            let recorded = try Self.recorded("d28")
            let stub = try StubEngine(path: "\(directory)/s") { request in
                request.target.contains("/containers/json") ? .json("[]") : recorded(request)
            }
            defer { stub.stop() }
            let client = makeClient(socket: "\(directory)/s")
            #expect(try await client.inspectContainer("../a?b#c") == nil)
            #expect(stub.calls.last == "GET /v1.51/containers/..%2Fa%3Fb%23c/json")
            #expect(try await client.listContainers(labels: ["a.b": "c&d", "e": ""], all: true).isEmpty)
            #expect(
                stub.calls.last
                    == "GET /v1.51/containers/json?all=1&filters=%7B%22label%22%3A%5B%22a.b%3Dc%26d%22%2C%22e%22%5D%7D")
        }
    }

    @Test func `bounds answers and quotes the engine's message`() async throws {
        try await withTemporaryDirectory { directory in
            let recorded = try Self.recorded("p4")
            let stub = try StubEngine(path: "\(directory)/s") { request in
                if request.target.contains("/big/") {
                    return StubEngine.Answer(body: [UInt8](repeating: 0x20, count: EngineCall.maxInspectBytes + 1))
                }
                if request.target.contains("/empty/") { return StubEngine.Answer(status: 500) }
                if request.target.contains("/podman/") {
                    return .json(#"{"cause":"c","message":"what it says\n","response":500}"#, status: 500)
                }
                return recorded(request)
            }
            defer { stub.stop() }
            let client = makeClient(socket: "\(directory)/s")
            let big = await #expect(throws: EngineError.self) { try await client.inspectContainer("big") }
            #expect(big?.kind == .protocol)
            let empty = await #expect(throws: EngineError.self) { try await client.inspectContainer("empty") }
            #expect(empty?.message == "the engine answered 500 without a message")
            let podman = await #expect(throws: EngineError.self) { try await client.inspectContainer("podman") }
            #expect(podman?.status == 500)
            #expect(podman?.message == "what it says")
        }
    }

    @Test(arguments: Fixture.engineNames)
    func `says that a name is taken alike for all engines`(name: String) async throws {
        try await withTemporaryDirectory { directory in
            let recorded = try Self.recorded(name)
            let conflict = try Fixture.engine(name).createConflict
            let stub = try StubEngine(path: "\(directory)/s") { request in
                guard request.target.contains("/containers/create") else { return recorded(request) }
                return .json(conflict, status: name.hasPrefix("p") ? 500 : 409)
            }
            defer { stub.stop() }
            let error = await #expect(throws: EngineError.self) {
                try await makeClient(socket: "\(directory)/s").createContainer(name: "fx", ContainerSpec(image: "i"))
            }
            #expect(error?.isConflict == true)
            #expect(stub.calls.filter { $0.contains("create") }.count == 1)
        }
    }

    @Test func `creates without an init where Podman has none`() async throws {
        try await withTemporaryDirectory { directory in
            let recorded = try Self.recorded("p5")
            let stub = try StubEngine(path: "\(directory)/s") { request in
                guard request.target.contains("/containers/create") else { return recorded(request) }
                guard String(decoding: request.body, as: UTF8.self).contains(#""Init":true"#) else {
                    return .json(#"{"Id":"abc","Warnings":null}"#, status: 201)
                }
                return .json(
                    #"{"message":"container-init binary not found on the host: stat: catatonit"}"#, status: 500)
            }
            defer { stub.stop() }
            let created = try await makeClient(socket: "\(directory)/s")
                .createContainer(name: "n", ContainerSpec(image: "i"))
            #expect(created.id == "abc")
        }
    }
}

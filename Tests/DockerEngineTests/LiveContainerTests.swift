import DockerEngine
import TestSupport
import Testing

/// Containers of a real engine.
@Suite(.enabled(if: EngineUnderTest.isExpected), .timeLimit(.minutes(5))) struct LiveContainerTests {
    private static func read(_ stream: LogStream) async throws -> [LogChunk.Stream: String] {
        var bytes: [LogChunk.Stream: [UInt8]] = [:]
        for try await burst in stream {
            for chunk in burst { bytes[chunk.stream, default: []] += chunk.bytes }
        }
        return bytes.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `connects`() async throws {
        try await withLiveEngine { engine in
            let info = try await engine.client.connect()
            #expect(!info.version.isEmpty && !info.id.isEmpty)
            #expect(info.platform.hasPrefix("linux/"))
        }
    }

    @Test func `runs a container and loses nothing of its output`() async throws {
        try await withLiveEngine { engine in
            let client = engine.client
            let id = try await engine.create(engine.spec("echo out; echo err >&2; printf tail; exit 9"))
            #expect(try await client.inspectContainer(id)?.state.status == "created")
            let attached = try await client.attach(id, tty: false)
            try await client.startContainer(id)
            let output = try await Self.read(attached)
            #expect(output == [.stdout: "out\ntail", .stderr: "err\n"])
            #expect(try await client.wait(id) == 9)
            let kept = try await Self.read(try await client.logs(id, tty: false))
            #expect(kept == output)

            let details = try #require(try await client.inspectContainer(id))
            #expect(details.state.status == "exited" && details.state.exitCode == 9 && !details.state.oomKilled)
            #expect(details.name == engine.name)
            // Their order means nothing for a container this short: the engine may note the end first.
            #expect(details.state.startedAt != nil && details.state.finishedAt != nil)

            try await client.removeContainer(id, force: false)
            #expect(try await client.inspectContainer(id) == nil)
            try await client.removeContainer(id, force: true)
        }
    }

    @Test func `reads records with their times, and goes on after one`() async throws {
        try await withLiveEngine { engine in
            let client = engine.client
            let id = try await engine.create(engine.spec("echo one; usleep 50000; echo two"))
            try await client.startContainer(id)
            #expect(try await client.wait(id) == 0)
            var records: [String] = []
            for try await burst in try await client.logs(id, tty: false, timestamps: true) {
                records += burst.map { String(decoding: $0.bytes, as: UTF8.self) }
            }
            #expect(records.count == 2)
            let time = try #require(records.last?.split(separator: " ").first.flatMap { EngineTimestamp(rfc3339: $0) })
            let rest = try await Self.read(try await client.logs(id, tty: false, since: time))
            #expect(rest[.stdout] == "two\n")
        }
    }

    @Test func `passes a terminal's output through`() async throws {
        try await withLiveEngine { engine in
            var spec = engine.spec("echo out; echo err >&2")
            spec.tty = true
            let id = try await engine.create(spec)
            let attached = try await engine.client.attach(id, tty: true)
            try await engine.client.startContainer(id)
            #expect(try await Self.read(attached) == [.stdout: "out\r\nerr\r\n"])
            #expect(try await engine.client.inspectContainer(id)?.tty == true)
        }
    }

    @Test func `stops, kills and removes without minding what is done`() async throws {
        try await withLiveEngine { engine in
            let client = engine.client
            let id = try await engine.create(
                engine.spec("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done"))
            let attached = try await client.attach(id, tty: false)
            try await client.startContainer(id)
            try await client.startContainer(id)
            // The trap is set once this is printed.
            var output = attached.makeAsyncIterator()
            #expect(try await output.next()?.first?.bytes == Array("ready\n".utf8))
            let listed = try await client.listContainers(labels: engine.labels, all: false)
            #expect(listed.map(\.id) == [id] && listed.first?.names == [engine.name])
            try await client.stopContainer(id, graceSeconds: 60)
            try await client.stopContainer(id, graceSeconds: 60)
            try await client.killContainer(id)
            #expect(try await client.wait(id) == 3)
            #expect(try await output.next() == nil)
            #expect(try await client.listContainers(labels: engine.labels, all: false).isEmpty)
            #expect(try await client.listContainers(labels: engine.labels, all: true).count == 1)
            let missing = await #expect(throws: EngineError.self) {
                try await client.stopContainer("\(engine.name)-none", graceSeconds: 1)
            }
            #expect(missing?.isNotFound == true)
        }
    }

    @Test func `publishes a port and says who has it taken`() async throws {
        try await withLiveEngine { engine in
            let client = engine.client
            var spec = engine.spec("while :; do sleep 1; done")
            spec.ports = [.init(containerPort: 80, hostIP: "127.0.0.1", hostPort: nil)]
            let first = try await engine.create(spec, suffix: "-a")
            try await client.startContainer(first)
            let port = try #require(try await client.inspectContainer(first)?.ports.first)
            #expect(port.hostIP == "127.0.0.1" && port.containerPort == 80 && port.hostPort > 0)

            spec.ports = [.init(containerPort: 80, hostIP: "127.0.0.1", hostPort: port.hostPort)]
            let second = try await engine.create(spec, suffix: "-b")
            let failure = await #expect(throws: ContainerStartFailure.self) { try await client.startContainer(second) }
            #expect(failure?.kind == .portInUse(port: port.hostPort), "\(failure?.message ?? "")")
            try await client.killContainer(first)
        }
    }

    @Test func `says why a container cannot be created or started`() async throws {
        try await withLiveEngine { engine in
            let client = engine.client
            func startFailure(
                _ suffix: String, _ change: (inout ContainerSpec) -> Void
            ) async throws -> ContainerStartFailure.Kind? {
                var spec = engine.spec("true")
                // An init starts whatever the command is, and ends with 126 or 127.
                spec.useInit = false
                change(&spec)
                let id = try await engine.create(spec, suffix: suffix)
                return await #expect(throws: ContainerStartFailure.self) { try await client.startContainer(id) }?.kind
            }
            let command = try await startFailure("-c") { $0.command = ["/nosuch"] }
            #expect(command == .badCommand)
            var withInit = engine.spec("true")
            withInit.command = ["/nosuch"]
            let id = try await engine.create(withInit, suffix: "-i")
            try await client.startContainer(id)
            let code = try await client.wait(id)
            #expect(code == 127)
            let directory = try await startFailure("-d") { $0.command = ["/etc"] }
            #expect(directory == .permissionDenied)
            let user = try await startFailure("-e") { $0.user = "nosuchuser" }
            #expect(user == .unknownUser)
            let address = try await startFailure("-f") { spec in
                spec.ports = [.init(containerPort: 80, hostIP: "192.0.2.1", hostPort: nil)]
            }
            #expect(address == .badHostIP)

            let taken = await #expect(throws: EngineError.self) {
                _ = try await engine.create(engine.spec("true"), suffix: "-c")
            }
            #expect(taken?.isConflict == true)
            let image = await #expect(throws: EngineError.self) {
                _ = try await client.createContainer(name: "\(engine.name)-g", ContainerSpec(image: "no/such-image:1"))
            }
            #expect(image?.isNotFound == true)
        }
    }

    @Test func `sees a container's life as events`() async throws {
        try await withLiveEngine { engine in
            let client = engine.client
            let events = try await client.events(labels: engine.labels)
            let id = try await engine.create(engine.spec("exit 5"))
            try await client.startContainer(id)
            var actions: [String] = []
            var first: EngineEvent?
            for try await event in events {
                #expect(event.id == id && event.attributes["name"] == engine.name)
                first = first ?? event
                actions.append(event.action)
                if event.action == "die" {
                    #expect(event.exitCode == 5)
                    break
                }
            }
            #expect(actions == ["create", "start", "die"])

            let since = EngineTimestamp(nanoseconds: try #require(first).timeNano)
            var replayed = try await client.events(since: since, labels: engine.labels).makeAsyncIterator()
            #expect(try await replayed.next() == first)
        }
    }

    @Test func `makes and removes a network`() async throws {
        try await withLiveEngine { engine in
            let client = engine.client
            let id = try await client.createNetwork(engine.name, labels: engine.labels)
            #expect(try await client.inspectNetwork(engine.name)?.id == id)
            #expect(try await client.listNetworks(labels: engine.labels).map(\.name) == [engine.name])
            let taken = await #expect(throws: EngineError.self) {
                try await client.createNetwork(engine.name, labels: engine.labels)
            }
            #expect(taken?.isConflict == true)
            var spec = engine.spec("true")
            spec.networkMode = engine.name
            let container = try await engine.create(spec)
            #expect(try await client.inspectContainer(container)?.networkMode == engine.name)
            try await client.removeContainer(container, force: true)
            try await client.removeNetwork(engine.name)
            #expect(try await client.networkExists(engine.name) == false)
            try await client.removeNetwork(engine.name)
        }
    }
}

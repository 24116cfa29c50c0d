import Glibc
import RunnerProtocol
import TestSupport
import Testing

/// What a client may do to the socket, and what it finds there.
@Suite struct SocketConformanceTests {
    private static let ping = EnvelopeConformanceTests.ping
    private static let withoutEngine: [String: String?] = ["DOCKER_HOST": "unix:///nonexistent/docker.sock"]

    @Test func `the socket and its directory are the user's own`() async throws {
        try await AgentUnderTest.run { agent in
            let socket = try status(agent.socketPath)
            #expect(socket.st_mode & S_IFMT == S_IFSOCK)
            #expect(socket.st_mode & 0o777 == 0o600)
            let directory = agent.socketPath.split(separator: "/").dropLast().joined(separator: "/")
            #expect(try status("/" + directory).st_mode & 0o777 == 0o700)
        }
    }

    @Test func `a socket that a killed agent left is taken over`() async throws {
        try await withTemporaryDirectory { directory in
            try await AgentUnderTest.run(directory: directory) { agent in
                try agent.process.kill()
                _ = try await agent.process.ending()
            }
            try await AgentUnderTest.run(directory: directory) { agent in
                let answers = try await agent.answers(to: Array(Self.ping.utf8))
                #expect(answers.count == 1)
            }
        }
    }

    @Test func `SIGTERM closes every connection, removes the socket and ends with 0`() async throws {
        try await withTemporaryDirectory { directory in
            try await AgentUnderTest.run(directory: directory) { agent in
                let connection = try agent.connect()
                _ = try await connection.ask(Self.ping)
                try agent.process.terminate()
                let rest = try await connection.lines.rest()
                #expect(rest == [])
                let ending = try await agent.process.ending()
                #expect(ending == .exited(0))
                #expect(unsafe access(agent.socketPath, F_OK) != 0)
            }
        }
    }

    @Test func `three hundred clients that connect at once are all served`() async throws {
        try await AgentUnderTest.run { agent in
            let connections = try (0..<300).map { _ in try agent.connect(reads: false) }
            for connection in connections {
                connection.startReading()
                let answer = try await connection.ask(Self.ping)
                #expect(answer.map(ExpectedAnswer.ping.matches) == true)
                connection.close()
            }
        }
    }

    @Test func `the 2049th connection is told that there are too many, and has room when another one ends`()
        async throws
    {
        var limit = rlimit()
        try #require(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        limit.rlim_cur = limit.rlim_max
        try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        try await AgentUnderTest.run { agent in
            let connections = try (0..<2048).map { _ in try agent.connect(reads: false) }
            let refused = try agent.connect()
            let line = try #require(try await refused.next())
            let answer = try JSONReader.parse(Array(line.utf8))
            #expect(answer["id"] == .null)
            #expect(answer["error"]?["data"]?["code"]?.stringValue == "TOO_MANY_CONNECTIONS")
            let end = try await refused.next()
            #expect(end == nil)
            connections[0].close()
            // The agent sees the end in its own time; until then it says the same.
            var served = false
            while !served {
                let next = try agent.connect()
                served = try await next.ask(Self.ping).map(ExpectedAnswer.ping.matches) == true
            }
            for connection in connections { connection.close() }
        }
    }

    @Test func `another user who gets past the permissions is refused with a reason`() async throws {
        try await AgentUnderTest.run { agent in
            let directory = agent.socketPath.split(separator: "/").dropLast().joined(separator: "/")
            // Every directory above, too: the tests' own is closed to others.
            try await run("/bin/chmod", ["0777", agent.socketPath])
            try await run("/bin/chmod", ["0755", "/" + directory, agent.directory])
            let answer = try await run(
                "/usr/bin/setpriv",
                [
                    "--reuid", "65534", "--regid", "65534", "--clear-groups", "socat", "-t5", "-",
                    "UNIX-CONNECT:\(agent.socketPath)",
                ]
            )
            let refusal = try JSONReader.parse(Array(answer.utf8))
            #expect(refusal["error"]?["data"]?["code"]?.stringValue == "PERMISSION_DENIED")
            #expect(refusal["id"] == .null)
        }
    }

    @Test func `a half-closed client gets a followed log to its end`() async throws {
        let server = try SilentServer()
        try await AgentUnderTest.run(configuration: server.agentConfiguration, environment: Self.withoutEngine) {
            agent in
            let control = try agent.client()
            let started = try await control.call("runner.start", #"{"source":{"location":"\#(server.location)"}}"#)
            let id = try #require(started["id"]?.stringValue)
            let follower = try agent.connect()
            let follow =
                #"{"jsonrpc":"2.0","id":1,"method":"runner.logs","params":{"instanceId":"\#(id)","follow":true}}"#
            let answer = try await follower.ask(follow)
            #expect(answer?.contains("subscriptionId") == true)
            follower.halfClose()
            _ = try await control.call("runner.stop", #"{"instanceId":"\#(id)"}"#)
            let end = try await follower.lines.first { $0.contains("runner.log.end") }
            #expect(end?.contains(#""reason":"ended""#) == true)
        }
    }

    @Test func `a client that vanishes in the middle of an answer ends its own connection only`() async throws {
        try await AgentUnderTest.run { agent in
            let other = try agent.client()
            // Far more than the socket takes, so that the agent is in the middle of it for certain.
            let discover = #"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"# + "\n"
            for _ in 0..<20 {
                let connection = try agent.connect(reads: false)
                try await connection.send(bytes: Array(String(repeating: discover, count: 50).utf8))
                connection.close()
            }
            try await waitForConnections(1, client: other)
            let answer = try await other.call("agent.ping")
            #expect(answer == [:])
        }
    }

    @Test func `a client that vanishes takes its requests' answers with it, not what they started`() async throws {
        let server = try SilentServer()
        try await AgentUnderTest.run(configuration: server.agentConfiguration, environment: Self.withoutEngine) {
            agent in
            let other = try agent.client()
            _ = try await other.call("runner.watch")
            let gone = try agent.connect()
            try await gone.send(
                #"{"jsonrpc":"2.0","id":1,"method":"runner.start","params":{"source":{"location":"\#(server.location)"},"wait":"running"}}"#
            )
            _ = try await other.notification { $0["method"] == "runner.instance" }
            gone.close()
            try await waitForConnections(1, client: other)
            let listed = try await other.call("runner.list", #"{"status":["starting"]}"#)
            #expect(listed["instances"]?.arrayValue?.count == 1)
        }
    }

    @Test func `onDisconnect stop stops what the connection started, when it ends`() async throws {
        let server = try SilentServer()
        try await AgentUnderTest.run(configuration: server.agentConfiguration, environment: Self.withoutEngine) {
            agent in
            let other = try agent.client()
            _ = try await other.call("runner.watch")
            let connection = try agent.connect()
            let client = RPCClient(connection)
            _ = try await client.call("initialize", #"{"onDisconnect":"stop"}"#)
            _ = try await client.call("runner.start", #"{"source":{"location":"\#(server.location)"}}"#)
            connection.close()
            let stopped = try await other.notification { $0["params"]?["instance"]?["status"] == "stopped" }
            #expect(stopped["params"]?["instance"]?["failure"]?["code"] == "CANCELLED")
        }
    }

    @Test func `a client that never reads holds up nobody, and memory stays bounded`() async throws {
        try await AgentUnderTest.run { agent in
            let info = #"{"jsonrpc":"2.0","id":1,"method":"agent.info"}"# + "\n"
            let warm = try await agent.answers(to: Array(info.utf8))
            #expect(warm.count == 1)
            let before = try agent.peakMemory()
            let deaf = try agent.connect(reads: false)
            // 100 MB of answers are asked for. The agent stops reading, so the sending stops too: it is left behind.
            let flood = Task { try? await deaf.send(bytes: Array(String(repeating: info, count: 100_000).utf8)) }
            let other = try agent.client()
            for _ in 0..<500 { _ = try await other.call("agent.ping", within: .seconds(5)) }
            let growth = try agent.peakMemory() - before
            #expect(growth < 32 << 10, "\(growth) KiB more")
            deaf.close()
            await flood.value
        }
    }

    @Test func `the 33rd subscription of a connection is refused`() async throws {
        try await AgentUnderTest.run { agent in
            let client = try agent.client()
            for _ in 0..<32 { _ = try await client.call("runner.watch") }
            let failed = await #expect(throws: RPCClient.Failed.self) { _ = try await client.call("runner.watch") }
            #expect(failed?.code == "TOO_MANY_SUBSCRIPTIONS")
            let another = try await agent.client().call("runner.watch")
            #expect(another["instances"] == [])
        }
    }

    @Test func `a burst of starts beyond the rate is told when to try again`() async throws {
        try await AgentUnderTest.run(environment: Self.withoutEngine) { agent in
            // The bucket holds 600 and gains ten a second meanwhile.
            let params = #"{"source":{"path":"\#(SupportTools.example("hello"))"}}"#
            let requests = (0..<1_500).map { id in
                #"{"jsonrpc":"2.0","id":\#(id),"method":"runner.start","params":\#(params)}"# + "\n"
            }
            let answers = try await agent.answers(to: Array(requests.joined().utf8))
            #expect(answers.count == 1_500)
            let refused = try answers.compactMap { try JSONReader.parse(Array($0.utf8))["error"] }
            #expect(refused.allSatisfy { $0["data"]?["code"] == "BUSY" })
            #expect(!refused.isEmpty && refused.count <= 900)
            #expect(refused.allSatisfy { ($0["data"]?["retryAfterMs"]?.intValue ?? 0) > 0 })
            #expect(refused.allSatisfy { $0["data"]?["retryable"] == true })
        }
    }

    /// Asks until the agent counts this many connections: each question is a round trip.
    private func waitForConnections(_ count: Int64, client: RPCClient) async throws {
        try await withDeadline(.seconds(60), waitingFor: "the other connections' end") { [client = Unchecked(client)] in
            while try await client.value.call("agent.info")["counts"]?["connections"]?.intValue != count {}
        }
    }

    private func status(_ path: String) throws -> stat {
        var status = stat()
        try #require(unsafe stat(path, &status) == 0)
        return status
    }
}

/// A client that one task hands to another and does not touch meanwhile.
private struct Unchecked: @unchecked Sendable {
    let value: RPCClient

    init(_ value: RPCClient) { self.value = value }
}

import Glibc
import RunnerProtocol
import TestSupport
import Testing

/// Each broken component gives its own code, and the agent goes on serving.
@Suite(.enabled(if: EngineUnderTest.isExpected)) struct FailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var dockerfile: String? = "CMD [\"sleep\", \"60\"]"
        var config: String? = "runner: {type: docker, ports: [\"auto:3000\"]}"
        /// A symbolic link in the component: its path and where it leads.
        var link: (path: String, target: String)?
        var code: String
        var phase: String
        /// Must appear in the failure as a whole.
        var says: String

        var testDescription: String { name }
    }

    private static func health(_ path: String, _ statuses: String = "200-399") -> String {
        """
        runner:
          type: docker
          ports: ["auto:3000"]
          healthCheck: {path: \(path), interval: 1s, timeout: 1s, retries: 3, expectStatus: \(statuses)}
        """
    }

    /// A program whose health check is answered with `status`.
    private static func serving(_ status: Int) -> String {
        #"CMD ["sh", "-c", "mkdir -p /w/cgi-bin; printf '#!/bin/sh\nprintf \"Status: \#(status) x\\r\\nLocation: /\\r\\n\\r\\n\"\n' > /w/cgi-bin/health; chmod +x /w/cgi-bin/health; exec httpd -f -p 3000 -h /w"]"#
    }

    static let cases = [
        Case(
            name: "missing Dockerfile", dockerfile: nil, code: "DOCKERFILE_NOT_FOUND", phase: "configuring",
            says: "Dockerfile"),
        Case(
            name: "failing RUN", dockerfile: "RUN echo no luck && exit 7", code: "BUILD_FAILED", phase: "building",
            says: #""exitCode":7"#),
        Case(
            name: "unknown instruction", dockerfile: "BOGUS x", code: "BUILD_FAILED", phase: "building",
            says: "unknown instruction"),
        Case(
            name: "missing COPY source", dockerfile: "COPY nothere /", code: "BUILD_FAILED", phase: "building",
            says: "nothere"),
        Case(
            name: "exits at once", dockerfile: #"CMD ["sh", "-c", "echo bad luck >&2; exit 3"]"#,
            code: "CONTAINER_EXITED", phase: "checking", says: "bad luck"),
        Case(
            name: "no such command", dockerfile: #"CMD ["/nowhere"]"#, code: "CONTAINER_START_FAILED",
            phase: "starting", says: "/nowhere"),
        Case(
            name: "config missing", config: nil, code: "CONFIG_NOT_FOUND", phase: "configuring",
            says: ".runner/config.yml"),
        Case(
            name: "config invalid", config: "runner:\n  type: docker\n  ports: [99999]\n", code: "CONFIG_INVALID",
            phase: "configuring", says: #""line":3"#),
        Case(
            name: "a shell that finds no terminal", dockerfile: #"CMD ["sh"]"#, code: "CONTAINER_EXITED",
            phase: "checking", says: #""exitCode":0"#),
        Case(
            name: "unknown base image", dockerfile: "FROM runner-agent.invalid/no/such:image",
            code: "IMAGE_PULL_FAILED",
            phase: "building", says: "runner-agent.invalid"),
        Case(
            name: "no valid base image", dockerfile: "FROM Not:A:Name", code: "BUILD_FAILED", phase: "building",
            says: "Not:A:Name"),
        Case(
            name: "out of memory", dockerfile: #"CMD ["sh", "-c", "x=x; while :; do x=$x$x$x$x; done"]"#,
            config:
                #"runner: {type: docker, ports: ["auto:3000"], resources: {memory: 16m}, healthCheck: {path: /, retries: 30}}"#,
            code: "OUT_OF_MEMORY", phase: "", says: #""oomKilled":true"#),
        Case(
            name: "a Dockerfile that is a link", dockerfile: nil, link: ("Dockerfile", "/etc/passwd"),
            code: "DOCKERFILE_NOT_FOUND", phase: "configuring", says: "symbolic link"),
        Case(
            name: "a configuration that is a link", config: nil, link: (".runner/config.yml", "other.yml"),
            code: "CONFIG_INVALID", phase: "configuring", says: "symbolic link"),
        Case(
            name: "config is no YAML", config: "runner: [", code: "CONFIG_INVALID", phase: "configuring",
            says: "not valid YAML"),
        Case(
            name: "context out of the source",
            config: #"runner: {type: docker, ports: [3000], build: {context: ../..}}"#, code: "CONFIG_INVALID",
            phase: "configuring", says: "build.context"),
        Case(
            name: "a capability that is not allowed",
            config: #"runner: {type: docker, ports: ["auto:3000"], security: {capAdd: [SYS_ADMIN]}}"#,
            code: "CONFIG_INVALID", phase: "creating", says: "SYS_ADMIN"),
        Case(
            name: "a build that takes too long", dockerfile: "RUN sleep 60",
            config: #"runner: {type: docker, ports: ["auto:3000"], build: {timeout: 1s}}"#, code: "BUILD_TIMEOUT",
            phase: "building", says: "build.timeout"),
        Case(
            name: "unknown build target", dockerfile: "CMD [\"sleep\", \"60\"]",
            config: #"runner: {type: docker, ports: ["auto:3000"], build: {target: nope}}"#, code: "BUILD_FAILED",
            phase: "building", says: "nope"),
        Case(
            name: "exits after running", dockerfile: #"CMD ["sh", "-c", "sleep 2; echo tired >&2; exit 4"]"#,
            config: Self.health("/"), code: "CONTAINER_EXITED", phase: "", says: "tired"),
        Case(
            name: "500 on health", dockerfile: Self.serving(500), config: Self.health("/cgi-bin/health"),
            code: "UNHEALTHY", phase: "", says: "status 500"),
        Case(
            name: "health redirects", dockerfile: Self.serving(302), config: Self.health("/cgi-bin/health", "200-299"),
            code: "UNHEALTHY", phase: "", says: "status 302"),
        Case(
            name: "health hangs",
            dockerfile:
                #"CMD ["sh", "-c", "mkdir -p /w/cgi-bin; printf '#!/bin/sh\nsleep 60\n' > /w/cgi-bin/h; chmod +x /w/cgi-bin/h; exec httpd -f -p 3000 -h /w"]"#,
            config: Self.health("/cgi-bin/h"), code: "UNHEALTHY", phase: "", says: "lastProbe"),
        Case(
            name: "listens for itself alone", dockerfile: #"CMD ["httpd", "-f", "-p", "127.0.0.1:3000"]"#,
            config: Self.health("/"), code: "UNHEALTHY", phase: "", says: "127.0.0.1 inside its container"),
        Case(
            name: "wrong port", dockerfile: #"CMD ["httpd", "-f", "-p", "8080"]"#, config: Self.health("/"),
            code: "UNHEALTHY", phase: "", says: "but on 8080"),
        Case(
            name: "never healthy",
            config:
                "runner: {type: docker, ports: [\"auto:3000\"], healthCheck: {path: /x, interval: 1s, timeout: 1s, retries: 1}}",
            code: "UNHEALTHY", phase: "", says: "lastProbe"),
    ]

    @Test(arguments: cases)
    func `names its cause and the agent goes on`(_ broken: Case) async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let component = try await Component.make(
                in: agent.directory, "c", dockerfile: broken.dockerfile, config: broken.config)
            if let link = broken.link {
                try await run("/bin/ln", ["-s", link.target, "\(component.path)/\(link.path)"])
            }
            let client = try agent.client()
            _ = try await client.call("runner.watch")
            var id: String?
            do {
                let started = try await client.call(
                    "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"healthy"}"#)
                // A slow machine may see the program run for longer than the checking window before it fails.
                id = started["id"]?.stringValue
                _ = try await client.notification { $0["params"]?["instance"]?["status"]?.stringValue == "error" }
            } catch let failed as RPCClient.Failed {
                #expect(failed.error["code"]?.intValue == -32000)
                #expect(failed.code == broken.code)
                if !broken.phase.isEmpty { #expect(failed.error["data"]?["phase"]?.stringValue == broken.phase) }
                id = failed.error["data"]?["instanceId"]?.stringValue
            }
            let known = try #require(id)
            let instance = try await client.call("runner.get", #"{"instanceId":"\#(known)"}"#)
            #expect(instance["status"]?.stringValue == "error")
            let failure = try #require(instance["failure"])
            #expect(failure["code"]?.stringValue == broken.code)
            #expect(failure.text.contains(broken.says), "\(failure.text)")
            #expect(failure["hint"]?.stringValue?.isEmpty == false)
            let left = try await EngineView.leftovers(of: agent.owner)
            #expect(left == "")
            _ = try await client.call("agent.ping")
        }
    }

    @Test func `a port that is in use is found before the build and its holder is named`() async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run { agent in
            let holder = try ListeningPort()
            let component = try await Component.make(
                in: agent.directory, "c", dockerfile: "RUN false",
                config: "runner: {type: docker, ports: [\"\(holder.number):3000\"]}")
            let client = try agent.client()
            let failure = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
            }
            #expect(failure?.code == "PORT_IN_USE")
            #expect(failure?.description.contains("\(holder.number)") == true)
            withExtendedLifetime(holder) {}
        }
    }

    @Test func `without an engine a start fails with the socket's name, and lists are answered`() async throws {
        try await AgentUnderTest.run(
            arguments: ["--engine", "unix:///tmp/no-engine-here.sock"], environment: ["DOCKER_HOST": nil]
        ) { agent in
            let component = try await Component.server(in: agent.directory, "web")
            let client = try agent.client()
            let failure = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
            }
            #expect(failure?.code == "ENGINE_UNAVAILABLE")
            #expect(failure?.description.contains("/tmp/no-engine-here.sock") == true)
            let listed = try await client.call("runner.list")
            #expect(listed["instances"]?.arrayValue?.count == 1)
        }
    }

    @Test func `an engine that goes away makes what is known stale, and it is confirmed when the engine is back`()
        async throws
    {
        let engine = try EngineUnderTest.requireSocketPath()
        try await withTemporaryDirectory { directory in
            let proxy = "\(directory)/p.sock"
            let listen = ["UNIX-LISTEN:\(proxy),fork,unlink-early", "UNIX-CONNECT:\(engine)"]
            try await AgentUnderTest.run(arguments: ["--engine", "unix://\(proxy)"]) { agent in
                let component = try await Component.server(in: agent.directory, "web")
                let client = try agent.client()
                let id = try await ChildProcess.run("/usr/bin/setsid", ["-w", "socat"] + listen) { first in
                    try await waitForSocket(proxy)
                    let started = try await client.call(
                        "runner.start", #"{"source":{"path":"\#(component.path)"},"wait":"running"}"#)
                    let id = try #require(started["id"]?.stringValue)
                    _ = try await client.call("runner.watch", #"{"instanceId":"\#(id)"}"#)
                    _ = try await run("/usr/bin/pkill", ["-KILL", "-f", "UNIX-LISTEN:\(proxy)"])
                    let stale = try await client.notification { $0["params"]?["instance"]?["stale"]?.boolValue == true }
                    #expect(stale["params"]?["instance"]?["status"]?.stringValue == "running")
                    return id
                }
                try await ChildProcess.run("/usr/bin/setsid", ["-w", "socat"] + listen) { _ in
                    let fresh = try await client.notification {
                        $0["params"]?["instance"]?["id"]?.stringValue == id
                            && $0["params"]?["instance"]?["stale"] == nil
                    }
                    #expect(fresh["params"]?["instance"]?["status"]?.stringValue == "running")
                    let stopped = try await client.call("runner.stop", #"{"instanceId":"\#(id)"}"#)
                    #expect(stopped["status"]?.stringValue == "stopped")
                    _ = try await run("/usr/bin/pkill", ["-KILL", "-f", "UNIX-LISTEN:\(proxy)"])
                }
            }
        }
    }

    private func waitForSocket(_ path: String) async throws {
        // Connecting is the event; socat gives no other sign that it listens.
        try await run(
            "/bin/sh",
            [
                "-c",
                "n=0; until socat -u OPEN:/dev/null UNIX-CONNECT:\(path) 2>/dev/null; do n=$((n+1)); [ $n -lt 500 ] || exit 1; done",
            ])
    }

    @Test func `bad requests are told apart and answered`() async throws {
        try await AgentUnderTest.run { agent in
            let client = try agent.client()
            let unknown = await #expect(throws: RPCClient.Failed.self) { _ = try await client.call("runner.nothing") }
            #expect(unknown?.error["code"]?.intValue == -32601)
            let params = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.start", #"{"source":{"path":7}}"#)
            }
            #expect(params?.error["code"]?.intValue == -32602)
            #expect(params?.error["data"]?["path"]?.stringValue == "/source/path")
            let host = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.start", #"{"source":{"location":"url:https://example.com/a/b"}}"#)
            }
            #expect(host?.code == "UNSUPPORTED_HOST")
            let entity = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call(
                    "runner.start",
                    #"{"entity":{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"web"}}}"#)
            }
            #expect(entity?.code == "NOT_ENABLED")
            let nobody = await #expect(throws: RPCClient.Failed.self) {
                _ = try await client.call("runner.get", #"{"instanceId":"00000000-0000-4000-8000-000000000000"}"#)
            }
            #expect(nobody?.code == "INSTANCE_NOT_FOUND")
            _ = try await client.call("agent.ping")
        }
    }
}

/// A TCP port of this test's, listened on for as long as this lives.
private final class ListeningPort {
    let number: Int
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        try #require(bound)
        number = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}

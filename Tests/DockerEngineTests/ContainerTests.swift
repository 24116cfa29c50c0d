import FoundationEssentials
import Testing

@testable import DockerEngine

@Suite struct ContainerSpecTests {
    private func body(_ spec: ContainerSpec, useInit: Bool = true) throws -> String {
        try EngineClient.jsonText(ContainerCreateBody(spec, useInit: useInit))
    }

    @Test func `hardens by default`() throws {
        let text = try body(ContainerSpec(image: "web:1"))
        #expect(
            text
                == #"{"AttachStderr":true,"AttachStdout":true,"Env":[],"ExposedPorts":{},"HostConfig":{"CapAdd":[],"CapDrop":["ALL"],"Init":true,"LogConfig":{"Config":{"max-file":"3","max-size":"10m"},"Type":"json-file"},"PortBindings":{},"ReadonlyRootfs":false,"RestartPolicy":{"Name":"no"},"SecurityOpt":["no-new-privileges"]},"Image":"web:1","Labels":{},"Tty":false}"#
        )
    }

    @Test func `writes everything that is asked for`() throws {
        var spec = ContainerSpec(image: "web:1")
        spec.command = ["serve"]
        spec.environment = [.init(name: "A", value: "b=c")]
        spec.ports = [
            .init(containerPort: 80, hostIP: "127.0.0.1", hostPort: 8080),
            .init(containerPort: 80, hostIP: "::1", hostPort: nil),
        ]
        spec.memoryBytes = 1024
        spec.nanoCPUs = 500
        spec.pidsLimit = 64
        spec.capAdd = ["CHOWN"]
        spec.readOnlyRoot = true
        spec.tmpfs = ["/tmp": "rw"]
        spec.logDriver = .local()
        spec.stopSignal = "SIGINT"
        spec.stopTimeoutSeconds = 3
        spec.networkMode = "net"
        spec.disableHealthCheck = true
        let text = try body(spec, useInit: false)
        for part in [
            #""Cmd":["serve"]"#, #""Env":["A=b=c"]"#, #""ExposedPorts":{"80/tcp":{}}"#,
            #""Memory":1024,"MemorySwap":1024"#,
            #""PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"},{"HostIp":"::1","HostPort":""}]}"#,
            #""NanoCpus":500"#, #""PidsLimit":64"#, #""CapAdd":["CHOWN"]"#, #""ReadonlyRootfs":true"#,
            #""Tmpfs":{"/tmp":"rw"}"#,
            #""Type":"local""#, #""StopSignal":"SIGINT""#, #""StopTimeout":3"#, #""NetworkMode":"net""#,
            #""Healthcheck":{"Test":["NONE"]}"#,
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(!text.contains("Init"))
    }
}

@Suite struct ContainerStartFailureTests {
    @Test(arguments: Fixture.engineNames)
    func `classifies what engines say`(engine: String) throws {
        let errors = try Fixture.engine(engine).startErrors
        func kind(_ name: String) throws -> ContainerStartFailure.Kind {
            let body = try #require(errors[name])
            return ContainerStartFailure(message: EngineErrorBody.message(500, Array(body.utf8))).kind
        }
        #expect(try kind("start_port_conflict") == .portInUse(port: 3001))
        #expect(try kind("start_exec_not_found") == .badCommand)
    }

    @Test(arguments: [
        (
            "failed to bind host port for 0.0.0.0:3055:172.17.0.2:80/tcp: address already in use",
            ContainerStartFailure.Kind.portInUse(port: 3055)
        ),
        ("failed to bind host port 0.0.0.0:3055/tcp: address already in use", .portInUse(port: 3055)),
        (
            "Error starting userland proxy: listen tcp4 0.0.0.0:3055: bind: address already in use",
            .portInUse(port: 3055)
        ),
        ("Bind for [::1]:81 failed: port is already allocated", .portInUse(port: 81)),
        ("address already in use", .portInUse(port: nil)),
        ("listen tcp4 10.9.9.9:80: bind: cannot assign requested address", .badHostIP),
        ("exec: \"/x\": permission denied", .permissionDenied), ("exec: \"/etc\": is a directory", .permissionDenied),
        ("exec: \"x\": executable file not found in $PATH", .badCommand),
        ("unable to find user nosuchuser: no matching entries in passwd file", .unknownUser),
        ("cgroups: something", .other),
    ])
    func `classifies other words`(text: String, kind: ContainerStartFailure.Kind) {
        #expect(ContainerStartFailure(message: text).kind == kind)
    }
}

@Suite struct ContainerAnswerTests {
    @Test(arguments: Fixture.engineNames)
    func `reads a recorded container`(engine: String) throws {
        let recorded = try Fixture.engine(engine)
        let details = try JSONDecoder().decode(ContainerDetails.self, from: Data(recorded.inspectRunning.utf8))
        #expect(details.name == "fx")
        #expect(details.state.isRunning && details.state.status == "running")
        #expect(details.state.error == nil, "Podman 5's spurious error is dropped")
        #expect(details.state.startedAt != nil && details.state.finishedAt == nil)
        #expect(details.state.health == nil)
        #expect(details.labels["runner.instance"] == "0b6b6f9e")
        #expect(!details.tty && details.logDriver == "json-file")
        #expect(details.ports.map(\.hostPort) == [3001])
        #expect(details.ports.map(\.containerPort) == [3000])
        #expect(details.addresses.count == 1)

        let list = try JSONDecoder().decode([ContainerSummary].self, from: Data(recorded.list.utf8))
        #expect(list.first?.id == details.id)
        #expect(list.first?.names == ["fx"])
        #expect(list.first?.state == "running")
        #expect(list.first?.labels["io.x/y"] == "z")
    }
}

@Suite struct EngineEventTests {
    @Test(arguments: Fixture.engineNames)
    func `reads recorded events of old and new form`(engine: String) throws {
        let events = try Fixture.engine(engine).events.compactMap { try EngineEvent(json: Array($0.utf8)) }
        let first = try #require(events.first)
        #expect(first.type == "container" && first.action == "create")
        #expect(first.id.count == 64)
        #expect(first.attributes["name"] == "fx")
        #expect(first.timeNano > 1_795_000_000_000_000_000)
        let died = try #require(events.first { $0.action == "die" })
        #expect(died.exitCode == (engine == "p4" || engine == "p5" ? 137 : 143))
    }

    @Test func `takes a suffix off the action`() throws {
        let event = try EngineEvent(
            json: Array(#"{"status":"health_status: healthy","id":"x","time":5}"#.utf8))
        #expect(
            event
                == EngineEvent(
                    type: "container", action: "health_status", detail: "healthy", id: "x", attributes: [:],
                    timeNano: 5_000_000_000))
        #expect(try EngineEvent(json: Array(#"{"errorDetail":{"message":"x"}}"#.utf8)) == nil)
        #expect(throws: EngineError.self) { try EngineEvent(json: Array(#"{"Action":5}"#.utf8)) }
    }
}

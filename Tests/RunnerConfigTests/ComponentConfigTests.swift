import RunnerConfig
import Testing

@Suite struct ComponentConfigTests {
    @Test func `reads every key`() throws {
        let text = """
            runner:
              type: docker              # required; the only type
              dockerfile: ./Dockerfile  # relative to the component's directory
              ports: [3000]
              environment: {NODE_ENV: development}
              healthCheck: {path: /healthz, interval: 30s, timeout: 10s, retries: 3, startPeriod: 0s, expectStatus: 200-399}
              build: {context: ., args: {VERSION: "1"}, target: prod, secrets: [npm], labels: {}, platform: linux/amd64, noCache: false, pull: false, timeout: 15m, memory: 2g}
              stop: {signal: SIGTERM, grace: 10s}
              resources: {memory: 1g, cpus: 1.5, pids: 512}
              security: {capAdd: [], readOnlyRoot: false}
            """
        let (config, warnings) = try ComponentConfig.parse(Array(text.utf8))
        var expected = ComponentConfig(ports: [PortSpec(containerPort: 3000)])
        expected.dockerfile = "./Dockerfile"
        expected.environment = [EnvironmentEntry(name: "NODE_ENV", value: "development")]
        expected.healthCheck = HealthCheck(path: "/healthz")
        expected.build.args = [EnvironmentEntry(name: "VERSION", value: "1")]
        expected.build.target = "prod"
        expected.build.secrets = ["npm"]
        expected.build.platform = "linux/amd64"
        expected.build.memoryBytes = 2 << 30
        expected.resources.cpus = 1.5
        #expect(config == expected)
        #expect(warnings.isEmpty)
    }

    @Test func `an error does not hide the typo that caused it`() throws {
        let error = #expect(throws: ConfigError.self) {
            try ComponentConfig.parse(Array("runner:\n  type: docker\n  prots: [3000]\n".utf8))
        }
        #expect(error?.diagnostics.map(\.path) == ["runner.ports"])
        #expect(
            error?.warnings.map(\.description) == [#"3:3: runner.prots: unknown key "prots"; did you mean "ports"?"#])
    }

    @Test func `reads values that are not the defaults`() throws {
        let (config, warnings) = try ComponentConfig.parse(
            makeComponentText(
                """
                healthCheck: {path: "/a?b=c", interval: 1m30s, timeout: 500ms, retries: 5, startPeriod: 1h, expectStatus: [204, 300-302]}
                build:
                  context: /
                  noCache: true
                  pull: True
                  timeout: 1h
                  labels: {org.example/x: y}
                stop: {signal: 2, grace: 0s}
                resources: {memory: 536870912, cpus: "0.5", pids: 0x20}
                security: {capAdd: [CAP_NET_ADMIN, net_admin, SYS_PTRACE], readOnlyRoot: TRUE}
                """))
        let check = try #require(config.healthCheck)
        #expect(check.path == "/a?b=c")
        #expect(check.interval == .seconds(90))
        #expect(check.timeout == .milliseconds(500))
        #expect(check.retries == 5)
        #expect(check.startPeriod == .seconds(3600))
        #expect(check.expectStatus == [204...204, 300...302])
        #expect(check.accepts(status: 301))
        #expect(!check.accepts(status: 200))
        #expect(config.build.context == "/")
        #expect(config.build.noCache)
        #expect(config.build.pull)
        #expect(config.build.timeout == .seconds(3600))
        #expect(config.build.labels == [EnvironmentEntry(name: "org.example/x", value: "y")])
        #expect(config.stop.signal == "SIGINT")
        #expect(config.stop.grace == .zero)
        #expect(config.resources.memoryBytes == 512 << 20)
        #expect(config.resources.cpus == 0.5)
        #expect(config.resources.pids == 32)
        #expect(config.security.capAdd == ["NET_ADMIN", "SYS_PTRACE"])
        #expect(config.security.readOnlyRoot)
        #expect(warnings.isEmpty)
    }

    @Test func `reads the first plugin's example`() throws {
        let text = """
            runner:
              type: docker
              dockerfile: ./Dockerfile
              ports: [3000]
              environment:
                NODE_ENV: development
              build:
                context: .
            """
        let (config, warnings) = try ComponentConfig.parse(Array(text.utf8))
        #expect(config.dockerfile == "./Dockerfile")
        #expect(config.ports.map(\.description) == ["3000"])
        #expect(config.environment == [EnvironmentEntry(name: "NODE_ENV", value: "development")])
        #expect(config.healthCheck == nil)
        #expect(config.build.context == ".")
        #expect(warnings.isEmpty)
    }

    @Test func `reads the first plugin's health check and build arguments`() throws {
        let text = """
            runner:
              type: docker
              dockerfile: Dockerfile
              ports:
                - 3000
              environment:
                NODE_ENV: "development"
                PORT: "3000"
              healthCheck:
                path: "/"
                interval: "30s"
                timeout: "10s"
              build:
                context: "."
                args:
                  NODE_VERSION: "18"
            """
        let (config, warnings) = try ComponentConfig.parse(Array(text.utf8))
        #expect(config.healthCheck == HealthCheck(path: "/"))
        #expect(config.build.args == [EnvironmentEntry(name: "NODE_VERSION", value: "18")])
        #expect(warnings.isEmpty)
    }

    @Test func `reads the same from JSON`() throws {
        let yaml = makeComponentText("environment: {A: \"1\", E: 😀}\nhealthCheck: {path: /healthz}")
        let json =
            #"{"runner":{"type":"docker","ports":[3000],"environment":{"A":"1","E":"\ud83d\uDE00"},"healthCheck":{"path":"\/healthz"}}}"#
        #expect(try ComponentConfig.parse(Array(json.utf8)).config == ComponentConfig.parse(yaml).config)
    }

    @Test func `a key without a value counts as absent`() throws {
        let (config, _) = try ComponentConfig.parse(
            makeComponentText("dockerfile:\nenvironment: ~\nhealthCheck:\nbuild: {args: , secrets: ~}\nstop: null"))
        #expect(config == ComponentConfig(ports: [PortSpec(containerPort: 3000)]))
    }

    @Test func `reports every problem at once with its place`() {
        let found = componentErrors(
            """
            runner:
              type: podman
              ports: [0, "a", 3000, "8080:3000", "3000:80"]
              environment: {1A: x, B: [1]}
              healthCheck:
                interval: 100ms
                timeout: 31s
              build:
                memory: 2x
                memory: 2g
              stop: {grace: soon}
            """)
        #expect(
            found.map { "\($0.line):\($0.column) \($0.path)" } == [
                "2:9 runner.type", "3:11 runner.ports[0]", "3:14 runner.ports[1]", "3:38 runner.ports[4]",
                "4:17 runner.environment.1A", "4:27 runner.environment.B", "6:5 runner.healthCheck.path",
                "6:15 runner.healthCheck.interval", "7:14 runner.healthCheck.timeout", "9:13 runner.build.memory",
                "10:5 runner.build.memory", "11:17 runner.stop.grace",
            ])
    }

    @Test func `stops counting at a hundred problems`() {
        let lines = (0..<300).map { "k\($0): 1" }.joined(separator: "\n")
        let warnings = try? ComponentConfig.parse(makeComponentText(lines)).warnings
        #expect(warnings?.count == 101)
        #expect(warnings?.last?.message == "there are more problems from here on")
    }

    @Test(arguments: [
        ("", "no `runner` key"), ("# nothing\n", "no `runner` key"), ("--- ~\n", "no `runner` key"),
        ("web:\n  type: docker\n", "no `runner` key"), ("runner:\n", "no `runner` key"), ("[1]", "the text is a list"),
        ("just text", "the text is a string"), ("type: docker\nports: [1]\n", "\"type\" stands outside of it"),
        ("runner: [1]", "must be a mapping with the keys type,"),
        ("runner: docker", "must be a mapping with the keys type,"),
    ])
    func `says what is wrong at the top`(text: String, message: String) throws {
        let found = componentErrors(text)
        #expect(found.count == 1)
        #expect(found.first?.message.contains(message) == true)
    }

    @Test(arguments: [
        ("dockerfile: 1", "dockerfile"), ("dockerfile: ''", "dockerfile"), ("dockerfile: [a]", "dockerfile"),
        (#"dockerfile: 'a\b'"#, "dockerfile"), ("dockerfile: https://x/y", "dockerfile"),
        ("environment: [A=1]", "environment"),
        ("environment: x", "environment"), ("environment: {A-B: 1}", "environment.A-B"),
        ("environment: {A: {B: 1}}", "environment.A"), ("healthCheck: /x", "healthCheck"),
        ("healthCheck: {path: 1}", "healthCheck.path"), ("healthCheck: {path: x}", "healthCheck.path"),
        ("healthCheck: {path: //x}", "healthCheck.path"), ("healthCheck: {path: '/a#b'}", "healthCheck.path"),
        ("healthCheck: {path: '/a b'}", "healthCheck.path"), ("healthCheck: {path: \"/a\\r\\nb\"}", "healthCheck.path"),
        ("healthCheck: {path: /ä}", "healthCheck.path"), ("healthCheck: {path: http://h/x}", "healthCheck.path"),
        ("healthCheck: {path: /, interval: 999ms}", "healthCheck.interval"),
        ("healthCheck: {path: /, interval: 30}", "healthCheck.interval"),
        ("healthCheck: {path: /, interval: true}", "healthCheck.interval"),
        ("healthCheck: {path: /, timeout: 30s1ms}", "healthCheck.timeout"),
        ("healthCheck: {path: /, timeout: 0s}", "healthCheck.timeout"),
        ("healthCheck: {path: /, retries: 0}", "healthCheck.retries"),
        ("healthCheck: {path: /, retries: 1.5}", "healthCheck.retries"),
        ("healthCheck: {path: /, retries: '3'}", "healthCheck.retries"),
        ("healthCheck: {path: /, retries: [3]}", "healthCheck.retries"),
        ("healthCheck: {path: /, startPeriod: x}", "healthCheck.startPeriod"),
        ("healthCheck: {path: /, expectStatus: 99}", "healthCheck.expectStatus"),
        ("healthCheck: {path: /, expectStatus: 400-200}", "healthCheck.expectStatus"),
        ("healthCheck: {path: /, expectStatus: []}", "healthCheck.expectStatus"),
        ("healthCheck: {path: /, expectStatus: [200, x]}", "healthCheck.expectStatus[1]"),
        ("healthCheck: {path: /, expectStatus: {a: 1}}", "healthCheck.expectStatus"), ("build: .", "build"),
        ("build: {context: 1}", "build.context"), ("build: {args: [A]}", "build.args"),
        ("build: {args: {A B: 1}}", "build.args[\"A B\"]"), ("build: {target: 1}", "build.target"),
        ("build: {target: 'a b'}", "build.target"), ("build: {secrets: npm}", "build.secrets"),
        ("build: {secrets: [1]}", "build.secrets[0]"), ("build: {secrets: [a, a]}", "build.secrets[1]"),
        ("build: {secrets: [a/b]}", "build.secrets[0]"),
        ("build: {labels: {dev.runner-agent.owner: x}}", "build.labels[\"dev.runner-agent.owner\"]"),
        ("build: {labels: {'a b': x}}", "build.labels[\"a b\"]"), ("build: {platform: linux}", "build.platform"),
        ("build: {platform: Linux/amd64}", "build.platform"), ("build: {noCache: yes}", "build.noCache"),
        ("build: {pull: 1}", "build.pull"), ("build: {timeout: 25h}", "build.timeout"),
        ("build: {timeout: 0s}", "build.timeout"),
        ("build: {memory: 1k}", "build.memory"), ("build: {memory: 1.5g}", "build.memory"), ("stop: SIGTERM", "stop"),
        ("stop: {signal: SIGNOPE}", "stop.signal"), ("stop: {signal: 0}", "stop.signal"),
        ("stop: {signal: [1]}", "stop.signal"),
        ("stop: {grace: 61m}", "stop.grace"), ("resources: 1g", "resources"),
        ("resources: {memory: lots}", "resources.memory"),
        ("resources: {memory: 65t}", "resources.memory"), ("resources: {cpus: 0}", "resources.cpus"),
        ("resources: {cpus: many}", "resources.cpus"), ("resources: {cpus: .inf}", "resources.cpus"),
        ("resources: {cpus: .nan}", "resources.cpus"), ("resources: {pids: 0}", "resources.pids"),
        ("security: []", "security"),
        ("security: {capAdd: NET_ADMIN}", "security.capAdd"), ("security: {capAdd: [ALL]}", "security.capAdd[0]"),
        ("security: {capAdd: [1]}", "security.capAdd[0]"),
        ("security: {readOnlyRoot: 'true'}", "security.readOnlyRoot"),
    ])
    func `refuses a wrong value at its key`(line: String, path: String) {
        let found = componentErrors(makeComponentText(line))
        #expect(found.map(\.path) == ["runner." + path])
        #expect(found.map(\.line) == [4])
    }

    @Test(arguments: [
        ("ports: 3000", "runner.ports"), ("ports: {a: 1}", "runner.ports"), ("ports: []", "runner.ports"),
        ("ports:", "runner.ports"),
        ("ports: [65536]", "runner.ports[0]"), ("ports: [3.5]", "runner.ports[0]"), ("ports: [-1]", "runner.ports[0]"),
        ("ports: [.inf]", "runner.ports[0]"), ("ports: [1e400]", "runner.ports[0]"),
        ("ports: [true]", "runner.ports[0]"),
        ("ports: [~]", "runner.ports[0]"), ("ports: [[1]]", "runner.ports[0]"),
        ("ports: [3000, 3000]", "runner.ports[1]"),
        ("ports: [8000-8003, '8002:1']", "runner.ports[1]"), ("ports: ['auto:1', 'auto:1']", "runner.ports[1]"),
        ("ports: [1-20, 30-50]", "runner.ports"),
        ("ports: [\(Array(1...33).map(String.init).joined(separator: ","))]", "runner.ports"),
    ])
    func `refuses wrong ports`(line: String, path: String) {
        #expect(componentErrors("runner:\n  type: docker\n  \(line)\n").map(\.path) == [path])
    }

    @Test func `takes the limits themselves`() throws {
        let ports = (1...32).map(String.init).joined(separator: ",")
        let variables = (1...256).map { "V\($0): x" }.joined(separator: ", ")
        let text = "runner: {type: docker, ports: [\(ports)], environment: {\(variables)}}"
        let (config, _) = try ComponentConfig.parse(Array(text.utf8))
        #expect(config.ports.count == 32)
        #expect(config.environment.count == 256)
        let more = "runner: {type: docker, ports: [1], environment: {\(variables), V257: x}}"
        #expect(componentErrors(more).map(\.path) == ["runner.environment"])
        let secrets = (1...33).map { "s\($0)" }.joined(separator: ",")
        #expect(
            componentErrors(makeComponentText("build: {secrets: [\(secrets)]}")).map(\.path) == ["runner.build.secrets"]
        )
    }

    @Test(arguments: [
        ("dockerFile: x", "dockerfile"), ("enviroment: {}", "environment"), ("env: {}", "environment"),
        ("health_check: {}", "healthCheck"), ("healthcheck: {}", "healthCheck"), ("resource: {}", "resources"),
        ("biuld: {}", "build"), ("secruity: {}", "security"),
    ])
    func `suggests the key that was meant`(line: String, key: String) throws {
        let (_, warnings) = try ComponentConfig.parse(makeComponentText(line))
        #expect(warnings.count == 1)
        #expect(warnings.first?.message.hasSuffix("did you mean \"\(key)\"?") == true)
        #expect(warnings.first?.line == 4)
        #expect(warnings.first?.column == 3)
    }

    @Test func `warns about unknown keys at every level`() throws {
        let (_, warnings) = try ComponentConfig.parse(
            Array(
                """
                runner:
                  type: docker
                  ports: [3000]
                  privileged: true
                  build: {contxt: .}
                  base: &b {A: "1"}
                  stop:
                    <<: *b
                other: 1
                """.utf8))
        #expect(
            warnings.map(\.path) == [
                "runner.privileged", "runner.build.contxt", "runner.base", "runner.stop[\"<<\"]", "other",
            ])
        #expect(warnings.first?.message.contains("known here: type, dockerfile") == true)
        #expect(warnings[3].message.contains("merge keys have no effect"))
    }

    @Test func `makes texts of variables as JavaScript does and says where they change`() throws {
        let (config, warnings) = try ComponentConfig.parse(
            makeComponentText(
                "environment: {A: 012, B: 1.0, C: 0x10, D: true, E: , F: 22:22, G: yes, H: 5, I: True, J: '012', K: ''}"
            ))
        #expect(config.environment.map(\.name) == ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"])
        #expect(
            config.environment.map(\.value) == [
                "12", "1", "16", "true", "null", "22:22", "yes", "5", "true", "012", "",
            ])
        #expect(warnings.map(\.path) == ["A", "B", "C", "E", "I"].map { "runner.environment.\($0)" })
    }

    @Test func `overrides variables by name and ports as a whole`() throws {
        let (config, _) = try ComponentConfig.parse(makeComponentText("environment: {A: a, B: b}"))
        let entries = [EnvironmentEntry(name: "B", value: "2"), EnvironmentEntry(name: "C", value: "3")]
        let changed = try config.overriding(environment: entries, ports: ["auto:80", "8000-8001"])
        #expect(changed.environment.map { "\($0.name)=\($0.value)" } == ["A=a", "B=2", "C=3"])
        #expect(changed.ports.map(\.description) == ["auto:80", "8000", "8001"])
        #expect(try config.overriding() == config)
    }

    @Test func `refuses overrides that the text could not hold`() throws {
        let (config, _) = try ComponentConfig.parse(makeComponentText(""))
        let entries = [
            EnvironmentEntry(name: "A B", value: ""), EnvironmentEntry(name: "C", value: "\0"),
            EnvironmentEntry(name: "D", value: String(repeating: "x", count: 65_537)),
        ]
        let error = #expect(throws: ConfigError.self) { try config.overriding(environment: entries) }
        #expect(error?.diagnostics.map(\.path) == ["environment[\"A B\"]", "environment.C", "environment.D"])
        let ports = #expect(throws: ConfigError.self) { try config.overriding(ports: ["80", "x", "80"]) }
        #expect(ports?.diagnostics.map(\.path) == ["ports[1]", "ports[2]"])
    }

    @Test func `escapes what it repeats`() {
        let found = componentErrors(
            makeComponentText("stop: {signal: \"\\e[31m\\u202Ex\(String(repeating: "y", count: 200))\"}"))
        let message = found.first?.message ?? ""
        #expect(message.contains("\\u{1b}[31m\\u{202e}x"))
        #expect(message.count < 200)
    }
}

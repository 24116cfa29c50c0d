import Foundation
import RunnerConfig
import Testing

/// `Protocol/schema/component-config.json`, which editors use, says what the parser does.
@Suite struct ComponentSchemaTests {
    enum Verdict: String, Sendable {
        case accepted
        /// By both, or by the parser with a warning that the key is unknown.
        case refused
        /// What a schema cannot say: only the parser refuses it.
        case refusedByParser
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let verdict: Verdict
        /// JSON, which both read.
        let text: String

        var testDescription: String { text }
    }

    private static func example(_ verdict: Verdict, _ lines: [String]) -> [Example] {
        lines.map { Example(verdict: verdict, text: #"{"runner": {"type": "docker", "ports": [3000], \#($0)}}"#) }
    }

    private static func ports(_ verdict: Verdict, _ lists: [String]) -> [Example] {
        lists.map { Example(verdict: verdict, text: #"{"runner": {"type": "docker", "ports": \#($0)}}"#) }
    }

    static let examples: [Example] =
        ports(
            .accepted,
            [
                "[1]", "[65535]", "[3000, 3001]", #"["3000"]"#, #"["8080:3000"]"#, #"["auto:3000"]"#, #"["8000-8003"]"#,
                #"["9000-9003:8000-8003"]"#, #"["auto:8000-8003"]"#, #"["auto:1", "auto:2", 9]"#, "[3000.0]",
                #"["0080"]"#,
            ])
        + ports(
            .refused,
            [
                "[]", "null", "3000", #""3000""#, "{}", "[0]", "[65536]", "[-1]", "[1.5]", "[true]", "[null]", "[[1]]",
                #"["0"]"#, #"["65536"]"#, #"["99999"]"#, #"["80:"]"#, #"[":80"]"#, #"["a:80"]"#, #"["80/tcp"]"#,
                #"["127.0.0.1:80:80"]"#,
                #"["80-"]"#, #"["1-2-3"]"#, #"["AUTO:80"]"#, #"["80 "]"#, #"[""]"#,
                "[\((1...33).map(String.init).joined(separator: ","))]",
            ])
        + ports(
            .refusedByParser, ["[80, 80]", #"["8003-8000"]"#, #"["1-100"]"#, #"["1-3:1-2"]"#, #"["auto:1", "auto:1"]"#])
        + example(
            .accepted,
            [
                #""dockerfile": "./docker/Dockerfile""#, #""dockerfile": "/x""#, #""dockerfile": null"#,
                #""environment": {"A": "b", "_x1": 1, "B": true, "C": null, "D": 1.5}"#, #""environment": {}"#,
                #""environment": null"#, #""healthCheck": {"path": "/"}"#, #""healthCheck": {"path": "/a?b=c&d"}"#,
                #""healthCheck": {"path": "/h", "interval": "1m30s", "timeout": "500ms", "retries": 5, "startPeriod": "0s", "expectStatus": [204, "300-302"]}"#,
                #""healthCheck": {"path": "/h", "expectStatus": 200}"#, #""healthCheck": null"#, #""build": {}"#,
                #""build": null"#,
                #""build": {"context": "..", "args": {"V": 1}, "target": "prod", "secrets": ["npm", "b.c"], "labels": {"org.x/y": "z"}}"#,
                #""build": {"platform": "linux/arm64/v8", "noCache": true, "pull": false, "timeout": "1h", "memory": "2g"}"#,
                #""stop": {"signal": "SIGINT", "grace": "1h"}"#, #""stop": {"signal": 15}"#,
                #""stop": {"signal": "sigrtmin+3"}"#,
                #""stop": {"signal": "TERM", "grace": null}"#,
                #""resources": {"memory": "512MiB", "cpus": 0.5, "pids": 100}"#,
                #""resources": {"memory": 536870912, "cpus": "1.5"}"#, #""resources": {"cpus": 2}"#,
                #""security": {"capAdd": ["NET_ADMIN", "CAP_SYS_PTRACE", "net_raw"], "readOnlyRoot": true}"#,
                #""security": {"capAdd": []}"#, #""security": {"capAdd": null}"#,
            ])
        + example(
            .refused,
            [
                #""prots": [1]"#, #""privileged": true"#, #""volumes": ["/:/host"]"#, #""<<": {}"#,
                #""dockerfile": """#,
                #""dockerfile": 1"#, #""dockerfile": "https://x/Dockerfile""#, #""dockerfile": "a\\b""#,
                #""dockerfile": "a\nb""#,
                #""environment": ["A=b"]"#, #""environment": {"1A": "x"}"#, #""environment": {"A-B": "x"}"#,
                #""environment": {"": "x"}"#,
                #""environment": {"A": ["b"]}"#, #""environment": {"A": {}}"#, #""environment": "A=b""#,
                #""healthCheck": {}"#, #""healthCheck": "/healthz""#, #""healthCheck": {"path": "healthz"}"#,
                #""healthCheck": {"path": "//other.example/x"}"#, #""healthCheck": {"path": "/a b"}"#,
                #""healthCheck": {"path": "/a#b"}"#,
                #""healthCheck": {"path": "/", "interval": 30}"#, #""healthCheck": {"path": "/", "interval": "30"}"#,
                #""healthCheck": {"path": "/", "interval": "1s1m"}"#, #""healthCheck": {"path": "/", "interval": ""}"#,
                #""healthCheck": {"path": "/", "interval": "1.5s"}"#,
                #""healthCheck": {"path": "/", "interval": "-1s"}"#,
                #""healthCheck": {"path": "/", "retries": 0}"#, #""healthCheck": {"path": "/", "retries": "3"}"#,
                #""healthCheck": {"path": "/", "expectStatus": 99}"#,
                #""healthCheck": {"path": "/", "expectStatus": []}"#,
                #""healthCheck": {"path": "/", "expectStatus": "2xx"}"#, #""healthCheck": {"path": "/", "port": 1}"#,
                #""build": []"#, #""build": {"dockerfile": "x"}"#, #""build": {"target": "-x"}"#,
                #""build": {"target": ""}"#,
                #""build": {"secrets": ["a b"]}"#, #""build": {"secrets": ["a", "a"]}"#, #""build": {"secrets": "a"}"#,
                #""build": {"labels": {"a=b": "c"}}"#, #""build": {"labels": {"dev.runner-agent.owner": "x"}}"#,
                #""build": {"labels": {"": "c"}}"#,
                #""build": {"platform": "linux"}"#, #""build": {"platform": "Linux/amd64"}"#,
                #""build": {"platform": "a/b/c/d"}"#,
                #""build": {"noCache": "yes"}"#, #""build": {"noCache": 1}"#, #""build": {"memory": "2 g"}"#,
                #""build": {"memory": 1}"#,
                #""stop": {"signal": ""}"#, #""stop": {"signal": 0}"#, #""stop": {"signal": 65}"#,
                #""stop": {"signal": true}"#, #""stop": "SIGTERM""#,
                #""resources": {"memory": 1.5}"#, #""resources": {"memory": "lots"}"#, #""resources": {"cpus": 0}"#,
                #""resources": {"cpus": "two"}"#,
                #""resources": {"pids": 0}"#, #""resources": {"pids": -1}"#, #""resources": {"pids": 1.5}"#,
                #""resources": {"disk": "1g"}"#,
                #""security": {"capAdd": ["ALL"]}"#, #""security": {"capAdd": ["cap_all"]}"#,
                #""security": {"capAdd": "NET_ADMIN"}"#,
                #""security": {"capAdd": [1]}"#, #""security": {"readOnlyRoot": "true"}"#,
                #""security": {"privileged": true}"#,
            ])
        + example(
            .refusedByParser,
            [
                #""healthCheck": {"path": "/", "interval": "0s"}"#, #""healthCheck": {"path": "/", "timeout": "31s"}"#,
                #""healthCheck": {"path": "/", "expectStatus": "399-200"}"#, #""build": {"timeout": "0s"}"#,
                #""build": {"memory": "1k"}"#,
                #""resources": {"cpus": "0"}"#, #""stop": {"signal": "SIGWHAT"}"#, #""stop": {"signal": 32}"#,
                #""security": {"capAdd": ["NET_ADMIM"]}"#,
            ])
        + [
            Example(verdict: .refused, text: "{}"), Example(verdict: .refused, text: "[]"),
            Example(verdict: .refused, text: "null"),
            Example(verdict: .refused, text: #"{"runner": null}"#),
            Example(verdict: .refused, text: #"{"runner": []}"#),
            Example(verdict: .refused, text: #"{"runner": {"ports": [1]}}"#),
            Example(verdict: .refused, text: #"{"runner": {"type": "docker"}}"#),
            Example(verdict: .refused, text: #"{"runner": {"type": "podman", "ports": [1]}}"#),
            Example(verdict: .refused, text: #"{"runner": {"type": null, "ports": [1]}}"#),
            Example(verdict: .refused, text: #"{"runner": {"type": "docker", "ports": [1]}, "other": 1}"#),
            Example(verdict: .refused, text: #"{"type": "docker", "ports": [1]}"#),
        ]

    @Test(arguments: examples)
    func `the parser judges as the example says`(example: Example) {
        let isAccepted: Bool
        do {
            isAccepted = try !ComponentConfig.parse(Array(example.text.utf8)).warnings.contains {
                $0.message.hasPrefix("unknown key")
            }
        } catch {
            isAccepted = false
        }
        #expect(isAccepted == (example.verdict == .accepted))
    }

    @Test func `the schema judges as the examples say`() throws {
        let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Protocol/schema/component-config.json").standardized
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.judge, schema.path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let texts = Self.examples.map { $0.text.replacing("\n", with: " ") }
        try input.fileHandleForWriting.write(contentsOf: Data(texts.joined(separator: "\n").utf8))
        try input.fileHandleForWriting.close()
        let verdicts = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .split(separator: "\n")
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        try #require(verdicts.count == Self.examples.count)
        for (example, verdict) in zip(Self.examples, verdicts) {
            #expect((verdict == "True") == (example.verdict != .refused), "\(example.text)")
        }
    }

    private static let judge = """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for line in sys.stdin: print(validator.is_valid(json.loads(line)))
        """
}

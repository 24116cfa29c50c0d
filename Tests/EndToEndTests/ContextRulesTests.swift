import RunnerProtocol
import TestSupport
import Testing

/// What `COPY . /c` finds: the files that `docker build` would have sent.
@Suite(.enabled(if: EngineUnderTest.isExpected)) struct ContextRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var builder = "buildkit"
        /// Below `runner:`, beside type and ports.
        var config = ""
        var dockerfile = "Dockerfile"
        var files: [String: String]
        /// Below /c, the configuration left out.
        var found: [String]

        var testDescription: String { "\(name), \(builder)" }
    }

    private static let excluded = [
        ".dockerignore": "*\n!src\nsrc/*.tmp\n", "src/a": "1", "src/b.tmp": "2", "other": "3",
    ]
    private static let outside = ["app/a": "1", "app/b.tmp": "2", "secret": "3"]

    static let cases = [
        // This builder keeps what was sent for its own use.
        Case(
            name: "an ignore file that excludes itself", files: excluded,
            found: [".dockerignore", "Dockerfile", "src", "src/a"]),
        Case(
            name: "an ignore file that excludes itself", builder: "classic", files: excluded, found: ["src", "src/a"]),
        Case(
            name: "the Dockerfile's own ignore file", config: "dockerfile: web.Dockerfile",
            dockerfile: "web.Dockerfile",
            files: [
                "web.Dockerfile.dockerignore": "*.log\n.runner\n*.dockerignore\n", ".dockerignore": "*.tmp\n",
                "a.tmp": "1",
                "b.log": "2",
            ],
            found: ["a.tmp", "web.Dockerfile"]),
        Case(
            name: "a Dockerfile outside of the context", builder: "classic",
            config: "dockerfile: docker/web\n  build: {context: app}", dockerfile: "docker/web", files: outside,
            found: ["a", "b.tmp"]),
        Case(
            name: "a Dockerfile outside of a context with an ignore file", builder: "classic",
            config: "dockerfile: docker/web\n  build: {context: app}", dockerfile: "docker/web",
            files: outside.merging(["app/.dockerignore": "*.tmp"]) { $1 }, found: [".dockerignore", "a"]),
    ]

    @Test(arguments: cases)
    func `copies what docker build would`(_ example: Case) async throws {
        try EngineUnderTest.require()
        try await AgentUnderTest.run(configuration: example.builder == "classic" ? "engine: {builder: classic}\n" : "")
        { agent in
            let path = "\(agent.directory)/component"
            var files = example.files
            files[example.dockerfile] = """
                FROM \(EngineUnderTest.baseImage)
                COPY . /c
                CMD ["sh", "-c", "cd /c && find . | grep -v runner | sort; echo end; exec httpd -f -p 3000"]
                """
            files[".runner/config.yml"] = """
                runner:
                  type: docker
                  ports: ["auto:3000"]
                  \(example.config)
                """
            for (name, text) in files {
                let parent = name.split(separator: "/").dropLast().joined(separator: "/")
                try await run("/bin/mkdir", ["-p", "\(path)/\(parent)"])
                try writeTextFile(text, to: "\(path)/\(name)")
            }
            let client = try agent.client()
            let started = try await client.call("runner.start", #"{"source":{"path":"\#(path)"},"wait":"running"}"#)
            let id = try #require(started["id"]?.stringValue)
            _ = try await client.call("runner.logs", #"{"instanceId":"\#(id)","follow":true,"phases":["run"]}"#)
            var lines: [String] = []
            while !lines.contains("end") {
                lines += try await client.notification { $0["method"]?.stringValue == "runner.log" }.recordTexts
            }
            let found = lines.filter { $0.hasPrefix("./") }.map { String($0.dropFirst(2)) }
            #expect(found.sorted() == example.found.sorted())
        }
    }
}

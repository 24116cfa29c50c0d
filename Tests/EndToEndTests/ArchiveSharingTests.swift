import RunnerProtocol
import TestSupport
import Testing

/// The archive cache of running agents: shared, damaged, bounded.
@Suite struct ArchiveSharingTests {
    private static func validate(_ agent: AgentUnderTest, _ location: String) async throws -> JSONValue {
        try await agent.client().call("runner.validate", #"{"source":{"location":"\#(location)"}}"#)
    }

    private static func downloads(_ github: LoopbackGitHub) throws -> Int {
        try github.requests().count { $0.contains("legacy.tar.gz") }
    }

    @Test func `two agents use one cache at once, and a commit that is there is not downloaded`() async throws {
        try await LoopbackGitHub.run { github in
            try await withTemporaryDirectory { directory in
                let cache = ["--cache-dir", "\(directory)/shared"]
                let locations = try await (0..<6).asyncMap { number in
                    let component = try await Component.server(in: directory, "c\(number)", "# \(number)")
                    try await github.addRepository("octo/c\(number)", from: component.path)
                    return github.location("octo/c\(number)")
                }
                try await AgentUnderTest.run(configuration: github.agentConfiguration, arguments: cache) { one in
                    try await AgentUnderTest.run(configuration: github.agentConfiguration, arguments: cache) { two in
                        try await withThrowingTaskGroup(of: JSONValue.self) { group in
                            for location in locations {
                                for agent in [one, two, one, two] {
                                    group.addTask { try await Self.validate(agent, location) }
                                }
                            }
                            for try await answer in group {
                                #expect(answer["config"]?["type"]?.stringValue == "docker")
                            }
                        }
                        // Each agent downloads at most once; one that comes later takes what the other left.
                        let count = try Self.downloads(github)
                        #expect((6...12).contains(count))
                        for agent in [one, two] {
                            for location in locations { _ = try await Self.validate(agent, location) }
                        }
                        #expect(try Self.downloads(github) == count)
                        let files = try await run("/bin/ls", ["\(directory)/shared/archives"])
                        #expect(files.split(separator: "\n").count == 6)
                    }
                }
            }
        }
    }

    /// Shell commands that damage the only archive, `$1`.
    @Test(arguments: [
        "truncate -s -20 $1", "truncate -s 30 $1", ": > $1",
        "printf 'X' | dd of=$1 bs=1 seek=200 conv=notrunc status=none", "echo '<html>' > $1",
    ])
    func `a damaged archive is noticed and downloaded again`(_ damage: String) async throws {
        try await LoopbackGitHub.run { github in
            try await AgentUnderTest.run(configuration: github.agentConfiguration) { agent in
                let component = try await Component.server(in: agent.directory, "web")
                try await github.addRepository("octo/web", from: component.path)
                let location = github.location("octo/web")
                _ = try await Self.validate(agent, location)
                let archives = "\(agent.cacheDirectory)/archives"
                let script = "cd \(archives) && set -- \"$(ls)\" && \(damage)"
                try await run("/bin/sh", ["-c", script])
                let answer = try await Self.validate(agent, location)
                #expect(answer["config"]?["type"]?.stringValue == "docker")
                #expect(try Self.downloads(github) == 2)
                _ = try await Self.validate(agent, location)
                #expect(try Self.downloads(github) == 2)
            }
        }
    }

    @Test func `the cache stays within its limit`() async throws {
        try await LoopbackGitHub.run { github in
            try await AgentUnderTest.run(
                configuration: github.agentConfiguration + "limits: {cacheBytes: 64k}\n"
            ) { agent in
                for number in 0..<4 {
                    let component = try await Component.make(
                        in: agent.directory, "c\(number)", dockerfile: "# \(number)")
                    try await run(
                        "/bin/dd",
                        ["if=/dev/urandom", "of=\(component.path)/noise", "bs=1k", "count=30", "status=none"])
                    try await github.addRepository("octo/c\(number)", from: component.path)
                    _ = try await Self.validate(agent, github.location("octo/c\(number)"))
                }
                let sizes = try await run("/bin/sh", ["-c", "cat \(agent.cacheDirectory)/archives/* | wc -c"])
                #expect((30_000...65_536).contains(Int(sizes) ?? 0))
                _ = try await Self.validate(agent, github.location("octo/c3"))
                #expect(try Self.downloads(github) == 4)
                _ = try await Self.validate(agent, github.location("octo/c0"))
                #expect(try Self.downloads(github) == 5)
            }
        }
    }
}

extension Range<Int> {
    fileprivate func asyncMap<Value>(_ body: (Int) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for number in self { values.append(try await body(number)) }
        return values
    }
}

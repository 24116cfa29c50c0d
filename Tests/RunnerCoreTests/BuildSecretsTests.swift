import RunnerConfig
import TestSupport
import Testing

@testable import RunnerCore

@Suite struct BuildSecretsTests {
    private func secrets(
        _ request: [String: String], listed: [String] = [], agent: [String: BuildSecretSource] = [:],
        environment: [String: String] = [:]
    ) throws -> BuildSecrets {
        try BuildSecrets(request: request, listed: listed, agent: agent, environment: environment)
    }

    @Test func `a start's own value wins, and the agent's is given only where it is listed`() throws {
        let agent: [String: BuildSecretSource] = ["a": .environment(name: "A"), "b": .environment(name: "B")]
        let environment = ["A": "agent's a", "B": "agent's b"]
        let given = try secrets(["b": "mine"], listed: ["a", "b", "c"], agent: agent, environment: environment)
        #expect(given.values == ["a": Array("agent's a".utf8), "b": Array("mine".utf8)])
        #expect(try secrets([:], agent: agent, environment: environment).values.isEmpty)
    }

    @Test func `a source that cannot be read is named without its value`() {
        for source in [BuildSecretSource.file(path: "/nonexistent/x"), .environment(name: "UNSET")] {
            let failure = #expect(throws: Failure.self) { try secrets([:], listed: ["a"], agent: ["a": source]) }
            #expect(failure?.code == "BUILD_FAILED")
            #expect(failure?.message.hasPrefix("the build secret a cannot be read") == true)
        }
    }

    @Test func `a secret larger than BuildKit takes is refused`() {
        let failure = #expect(throws: Failure.self) { try secrets(["a": String(repeating: "x", count: 512_001)]) }
        #expect(failure?.message.contains("512000") == true)
        #expect(throws: Never.self) { try secrets(["a": String(repeating: "x", count: 512_000)]) }
    }

    @Test(arguments: [
        (["a": "hunter22"], "the word hunter22, hunter22!", "the word ***, ***!"),
        (["a": "hunter22", "b": "hunter22-longer"], "hunter22-longer hunter22", "*** ***"),
        (["a": "first line\r\nsecond line\n"], "first line|second line", "***|***"),
        (["a": "abc"], "abc", "abc"), ([:], "text", "text"), (["a": "long enough"], "", ""),
    ])
    func `what a step prints of a secret is masked`(values: [String: String], text: String, expected: String) throws {
        #expect(try secrets(values).masked(text) == expected)
    }

    @Test func `secrets show themselves to nobody`() throws {
        let secrets = try secrets(["npm": "hunter22"])
        #expect(!"\(secrets)".contains("hunter22"))
    }
}

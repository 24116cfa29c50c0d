import RunnerConfig
import Testing

@Suite struct DigestTextTests {
    @Test func `is the same for the same meaning`() throws {
        let left = try digest(
            "environment: {A: '1', B: '2'}\nbuild: {args: {X: x, Y: y}, timeout: 1m}\nresources: {memory: 1024m}")
        let right = try digest(
            "resources: {memory: 1g}\nbuild: {timeout: 2m, args: {Y: y, X: x}}\nenvironment: {B: '2', A: '1'}")
        #expect(left == right)
    }

    @Test(arguments: [
        "dockerfile: D", "environment: {A: x}", "healthCheck: {path: /}", "build: {context: a}",
        "build: {args: {A: x}}",
        "build: {target: a}", "build: {secrets: [a]}", "build: {labels: {A: x}}", "build: {platform: linux/arm64}",
        "build: {noCache: true}", "build: {pull: true}", "build: {memory: 1g}", "stop: {signal: SIGINT}",
        "stop: {grace: 1s}",
        "resources: {memory: 2g}", "resources: {cpus: 1}", "resources: {pids: 1}", "security: {capAdd: [CHOWN]}",
        "security: {readOnlyRoot: true}",
    ])
    func `differs when a value differs`(line: String) throws {
        let plain = try ComponentConfig.parse(makeComponentText("")).config
        let changed = try ComponentConfig.parse(makeComponentText(line)).config
        #expect(changed.digestText != plain.digestText)
        #expect(
            (changed.buildDigestText != plain.buildDigestText)
                == (line.hasPrefix("build") || line.hasPrefix("dockerfile")))
    }

    @Test func `does not mix names and values`() throws {
        #expect(
            try digest("environment: {A: \"x\\\"\\nenvironment[\\\"B\\\"]=\\\"y\"}")
                != digest("environment: {A: x, B: y}"))
        #expect(try digest("build: {args: {A: x}}") != digest("environment: {A: x}"))
    }

    private func digest(_ lines: String) throws -> String {
        try ComponentConfig.parse(makeComponentText(lines)).config.digestText
    }
}

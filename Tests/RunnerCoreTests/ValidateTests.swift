import Logging
import RunnerConfig
import TestSupport
import Testing

@testable import RunnerCore

/// `runner.validate` on directories and texts: no engine and no network is needed.
@Suite struct ValidateTests {
    private func withRunner<Value>(_ path: String, _ body: (Runner) async throws -> Value) async throws -> Value {
        let state = try StateDirectory(path: path + "/state")
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let configuration = RunnerConfiguration(
            stateDirectory: state.path, cacheDirectory: path + "/cache", agent: try AgentConfig.parse([]).config,
            environment: ["DOCKER_HOST": "unix://\(path)/no-engine.sock", "HOME": path], userID: 1_000, version: "test",
            logger: logger)
        let runner = try Runner(configuration, stateDirectory: state)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(runner))
        } catch {
            result = .failure(error)
        }
        await runner.shutdown()
        return try result.get()
    }

    @Test func `a directory without a configuration is refused before its tree is read`() async throws {
        try await withTemporaryDirectory { path in
            try await withRunner(path) { runner in
                // Reading this tree would end at the limit on depth.
                try FileAccess.makePrivateDirectory(path + "/web")
                var deep = path + "/web"
                for _ in 0..<300 {
                    deep += "/d"
                    try FileAccess.makePrivateDirectory(deep)
                }
                var request = StartRequest()
                request.source = .directory(path + "/web")
                let missing = await #expect(throws: Failure.self) { try await runner.validate(request) }
                #expect(missing?.code == "CONFIG_NOT_FOUND")
                request.inlineConfig = Array("runner: {type: docker, ports: [1]}".utf8)
                let deepest = await #expect(throws: Failure.self) { try await runner.validate(request) }
                #expect(deepest?.code == "ARCHIVE_TOO_LARGE")
            }
        }
    }

    @Test func `every problem of a text is told at once, with its place, its key and what was meant`() async throws {
        try await withTemporaryDirectory { path in
            try await withRunner(path) { runner in
                var request = StartRequest()
                request.inlineConfig = Array(
                    """
                    runner:
                      type: podman
                      prots: [3000]
                      enviroment: {A: b}
                      healthCheck: {path: healthz, retries: 0}
                      stop: {grace: 10}
                    """.utf8)
                let report = try await runner.validate(request)
                #expect(report.configJSON == nil)
                #expect(
                    report.diagnostics.map { "\($0.line):\($0.column) \($0.path)" } == [
                        "2:3 runner.ports", "2:9 runner.type", "5:23 runner.healthCheck.path",
                        "5:41 runner.healthCheck.retries", "6:17 runner.stop.grace",
                    ])
                #expect(report.warnings.count == 2)
                #expect(report.warnings.first?.contains(#"did you mean "ports"?"#) == true)
                #expect(report.warnings.last?.contains(#"did you mean "environment"?"#) == true)
            }
        }
    }

    @Test func `paths that fit no file are told with their places, all of them`() async throws {
        try await withTemporaryDirectory { path in
            try await withRunner(path) { runner in
                try FileAccess.makePrivateDirectory(path + "/web")
                var request = StartRequest()
                request.source = .directory(path + "/web")
                request.inlineConfig = Array(
                    """
                    runner:
                      type: docker
                      ports: [3000]
                      dockerfile: ../Dockerfile
                      build:
                        context: missing
                    """.utf8)
                let report = try await runner.validate(request)
                #expect(
                    report.diagnostics.map { "\($0.line):\($0.column) \($0.path)" } == [
                        "4:15 runner.dockerfile", "6:14 runner.build.context",
                    ])
                #expect(report.diagnostics.first?.message.contains("out of the repository") == true)
                #expect(report.diagnostics.last?.message.hasPrefix("there is no directory missing") == true)
            }
        }
    }
}

import Logging
import NIOConcurrencyHelpers
import RunnerConfig
import TestSupport
import Testing

@testable import RunnerCore

/// A real runner with a real state directory, and no engine: every start ends as an error or is cut short.
@Suite struct RunnerTests {
    /// `state` is kept by the test: a runner lets go of the lock when its last task does.
    private func runner(_ path: String, _ state: StateDirectory) throws -> Runner {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let configuration = RunnerConfiguration(
            stateDirectory: state.path, cacheDirectory: path + "/cache",
            agent: try AgentConfig.parse([]).config,
            environment: ["DOCKER_HOST": "unix://\(path)/no-engine.sock", "HOME": path], userID: 1_000, version: "test",
            logger: logger)
        return try Runner(configuration, stateDirectory: state)
    }

    private func withRunner<Value>(
        _ path: String, _ state: StateDirectory, _ body: (Runner) async throws -> Value
    ) async throws -> Value {
        let runner = try runner(path, state)
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(runner))
        } catch {
            result = .failure(error)
        }
        await runner.shutdown()
        return try result.get()
    }

    private func request(_ path: String, key: String? = nil, params: String = "") -> StartRequest {
        var request = StartRequest()
        request.source = .directory(path + "/nowhere")
        request.idempotencyKey = key
        request.fingerprint = Array(params.utf8)
        return request
    }

    @Test func `an idempotency key starts nothing twice, also when its instance was removed and the agent restarted`()
        async throws
    {
        try await withTemporaryDirectory { path in
            let state = try StateDirectory(path: path + "/state")
            let id = try await withRunner(path, state) { runner in
                let first = try await runner.start(request(path, key: "k"))
                let again = try await runner.start(request(path, key: "k"))
                #expect(again.id == first.id)
                #expect(await runner.awaitStart(first.id, until: .running)?.failure?.code == "DIRECTORY_NOT_FOUND")
                return first.id
            }
            try await withRunner(path, state) { runner in
                #expect(try await runner.start(request(path, key: "k")).id == id)
                try await runner.remove(id)
            }
            try await withRunner(path, state) { runner in
                #expect(runner.instances().isEmpty)
                let gone = await #expect(throws: Failure.self) { try await runner.start(request(path, key: "k")) }
                #expect(gone?.code == "INSTANCE_NOT_FOUND")
                let other = await #expect(throws: Failure.self) {
                    try await runner.start(request(path, key: "k", params: "other"))
                }
                #expect(other?.code == "IDEMPOTENCY_CONFLICT")
                #expect(runner.instances().isEmpty)
            }
        }
    }

    @Test func `who hears of an instance can ask for its log at once`() async throws {
        try await withTemporaryDirectory { path in
            let state = try StateDirectory(path: path + "/state")
            try await withRunner(path, state) { runner in
                let watch = runner.watch()
                defer { watch.cancel() }
                for _ in 0..<20 {
                    async let begun = runner.start(request(path))
                    let heard = try #require(await watch.next()?.last)
                    _ = try await runner.readLogs(heard.id, LogQuery())
                    _ = try await begun
                }
            }
        }
    }

    @Test func `a start that comes while the agent ends is refused or interrupted, never left over`() async throws {
        try await withTemporaryDirectory { path in
            let state = try StateDirectory(path: path + "/state")
            for _ in 0..<20 {
                let runner = try runner(path, state)
                async let begun = withTaskGroup { group in
                    for _ in 0..<4 { group.addTask { try? await runner.start(request(path)).id } }
                }
                await runner.shutdown()
                await begun
                #expect(runner.instances().allSatisfy { $0.status.isTerminal })
            }
        }
    }

    @Test func `a start whose intent cannot be written leaves nothing in memory`() async throws {
        try await withTemporaryDirectory { path in
            let state = try StateDirectory(path: path + "/state")
            try await withRunner(path, state) { runner in
                // The journal's file is open only after its first entry.
                FileAccess.removeTree(path + "/state/journal")
                try FileAccess.makePrivateDirectory(path + "/state/journal")
                let error = await #expect(throws: Failure.self) {
                    try await runner.start(request(path, key: "k"))
                }
                #expect(error?.code == "STATE_UNWRITABLE")
                #expect(runner.instances().isEmpty)
                #expect(runner.state.withLockedValue { $0.jobs.isEmpty && $0.idempotency.instances.isEmpty })
                FileAccess.removeTree(path + "/state/journal")
                _ = try await runner.start(request(path, key: "k"))
            }
        }
    }

    @Test func `a stop that was under way when the agent died is over when there is no container`() async throws {
        try await withTemporaryDirectory { path in
            let state = try StateDirectory(path: path + "/state")
            var instance = Instance(
                id: InstanceID(), componentRef: "component:default/x", startedAt: .now(),
                source: .directory(path: "/x"))
            instance.status = .stopping
            let entry = JournalEntry(instance: instance, epoch: 1)
            try await Journal(directory: path + "/state").append({ entry }, compacted: { [] })
            try await withRunner(path, state) { runner in
                #expect(runner.instance(instance.id)?.status.isTerminal == true)
            }
        }
    }
}

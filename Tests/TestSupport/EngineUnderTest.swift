/// The container engine that tests use: the one of `Tests/support/with-engine`, or what DOCKER_HOST names.
///
/// Mark suites that need it with `.enabled(if: EngineUnderTest.isExpected)` and start each test with ``require()``: without
/// an engine the tests are skipped on a developer's machine, and fail where `RUNNER_AGENT_REQUIRE_ENGINE` is set.
package enum EngineUnderTest {
    /// The image that the examples are built from.
    package static let baseImage = "runner-agent-demo-base:1"

    /// Whether tests with an engine shall run.
    package static let isExpected =
        environmentVariable("DOCKER_HOST") != nil || environmentVariable("RUNNER_AGENT_REQUIRE_ENGINE") == "1"

    /// The engine's URL, for example `unix:///tmp/x/docker.sock`.
    @discardableResult
    package static func require() throws -> String {
        guard let url = environmentVariable("DOCKER_HOST") else { throw EngineMissing() }
        return url
    }

    /// The path of the engine's unix socket.
    package static func requireSocketPath() throws -> String {
        let url = try require()
        guard url.hasPrefix("unix://") else { throw EngineMissing() }
        return String(url.dropFirst("unix://".count))
    }
}

/// There is no engine for a test that needs one.
package struct EngineMissing: Error, CustomStringConvertible {
    package var description: String {
        "this test needs an engine at a unix socket: run it as `Tests/support/with-engine swift test`"
    }
}

import TestSupport
import Testing

/// One agent, without an engine, for all tests of a suite, which leave nothing behind that others could see.
struct SharedAgent: SuiteTrait, TestScoping {
    struct Missing: Error {}

    @TaskLocal private static var running: AgentUnderTest?

    static var current: AgentUnderTest {
        get throws {
            guard let running else { throw Missing() }
            return running
        }
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await AgentUnderTest.run(environment: ["DOCKER_HOST": "unix:///nonexistent/docker.sock"]) { agent in
            try await Self.$running.withValue(agent) { try await function() }
        }
    }
}

extension Trait where Self == SharedAgent {
    static var sharedAgent: SharedAgent { SharedAgent() }
}

extension AgentUnderTest {
    /// Everything the agent sends on a connection of its own to a client that sends `bytes`, in pieces, and half-closes.
    func answers(to bytes: [UInt8], chunk: Int = .max) async throws -> [String] {
        let connection = try connect()
        var rest = bytes[...]
        while !rest.isEmpty {
            try await connection.send(bytes: Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
        }
        connection.halfClose()
        return try await connection.lines.rest()
    }

    /// The most memory the agent has ever had, in KiB.
    func peakMemory() throws -> Int {
        let status = try readTextFile("/proc/\(process.processIdentifier)/status")
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber)))
    }
}

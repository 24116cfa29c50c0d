import TestSupport
import Testing

/// Starts one loopback GitHub for a whole suite; its tests keep apart by their owners' names.
struct SharedGitHub: SuiteTrait, TestScoping {
    @TaskLocal static var server: LoopbackGitHub?

    /// What the server accepts.
    static let token = "ghp_CANARY0123456789"
    static let catalogToken = "catalog-CANARY0123456789"

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await LoopbackGitHub.run(token: Self.token, catalogToken: Self.catalogToken) { server in
            try await Self.$server.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == SharedGitHub {
    static var sharedGitHub: Self { Self() }
}

/// Where a download's bytes go.
///
/// Calls come one after the other.
package struct ArchiveWriter: Sendable {
    private let write: @Sendable ([UInt8]) async throws -> Void
    private let startAgain: @Sendable () async throws -> Void

    package init(
        write: @escaping @Sendable ([UInt8]) async throws -> Void,
        restart: @escaping @Sendable () async throws -> Void
    ) {
        self.write = write
        startAgain = restart
    }

    package func callAsFunction(_ bytes: [UInt8]) async throws { try await write(bytes) }

    /// Forgets what was written: the download begins again.
    package func restart() async throws { try await startAgain() }
}

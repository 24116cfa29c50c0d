/// Something a test waited for did not happen in time.
package struct DeadlinePassed: Error, CustomStringConvertible {
    package let description: String
}

/// What `operation` returns, or ``DeadlinePassed`` when it takes longer than `limit`; `operation` is then cancelled.
package func withDeadline<Value: Sendable>(
    _ limit: Duration, waitingFor name: String, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw DeadlinePassed(description: "waited \(limit) for \(name)")
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}

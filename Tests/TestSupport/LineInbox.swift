import NIOConcurrencyHelpers

/// Lines that arrive by themselves and that a test takes one by one.
///
/// It holds everything that was not taken yet, without a limit: what fills it is a process or a connection of the test itself.
package final class LineInbox: Sendable {
    fileprivate struct State {
        var partial: [UInt8] = []
        var lines: [String] = []
        var taken = 0  // How many of `lines` were taken from its front.
        var ended = false
        var nextWaiter = 0
        var waiters: [(id: Int, continuation: CheckedContinuation<String?, any Error>)] = []
    }

    /// What the lines are, for the message of a deadline that passed.
    package let name: String
    private let state = NIOLockedValueBox(State())

    package init(name: String) {
        self.name = name
    }

    /// The next line without its newline; nil at the end.
    ///
    /// Throws ``DeadlinePassed`` when none came in time.
    package func next(within deadline: Duration = .seconds(60)) async throws -> String? {
        try await withDeadline(deadline, waitingFor: "the next line of \(name)") { try await self.wait() }
    }

    /// The first line from here on that satisfies `predicate`.
    ///
    /// Those before it are dropped. Nil at the end.
    package func first(
        within deadline: Duration = .seconds(60), where predicate: @escaping @Sendable (String) -> Bool
    ) async throws -> String? {
        try await withDeadline(deadline, waitingFor: "a certain line of \(name)") {
            while let line = try await self.wait() {
                if predicate(line) { return line }
            }
            return nil
        }
    }

    /// All lines from here to the end.
    package func rest(within deadline: Duration = .seconds(60)) async throws -> [String] {
        try await withDeadline(deadline, waitingFor: "the end of \(name)") {
            var lines: [String] = []
            while let line = try await self.wait() { lines.append(line) }
            return lines
        }
    }

    /// Lines that have arrived and were not taken, left in place.
    package var pending: [String] {
        state.withLockedValue { Array($0.lines[$0.taken...]) }
    }

    /// Takes in bytes as they come; a line is complete with its newline, or at the end.
    func append(_ bytes: [UInt8]) {
        deliver {
            for piece in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
                if piece.offset > 0 { $0.completeLine() }
                $0.partial += piece.element
            }
        }
    }

    /// No byte follows.
    func finish() {
        deliver {
            if !$0.partial.isEmpty { $0.completeLine() }
            $0.ended = true
        }
    }

    private func deliver(_ change: (inout State) -> Void) {
        let ready = state.withLockedValue { state in
            change(&state)
            var ready: [(CheckedContinuation<String?, any Error>, String?)] = []
            while let waiter = state.waiters.first, state.ended || state.hasLine {
                state.waiters.removeFirst()
                ready.append((waiter.continuation, state.takeLine()))
            }
            return ready
        }
        for (continuation, line) in ready { continuation.resume(returning: line) }
    }

    private func wait() async throws -> String? {
        let id = state.withLockedValue { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<String?, any Error>? = state.withLockedValue { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let line = state.takeLine() { return .success(line) }
                    if state.ended { return .success(nil) }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLockedValue { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }
}

extension LineInbox.State {
    fileprivate var hasLine: Bool { taken < lines.count }

    fileprivate mutating func completeLine() {
        lines.append(String(decoding: partial, as: UTF8.self))
        partial = []
    }

    fileprivate mutating func takeLine() -> String? {
        guard hasLine else { return nil }
        defer {
            taken += 1
            if taken == lines.count {
                lines = []
                taken = 0
            }
        }
        return lines[taken]
    }
}

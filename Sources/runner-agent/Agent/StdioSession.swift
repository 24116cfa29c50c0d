import AgentServer
import RunnerCore

/// One stdio client from its first line to its last, through as many agents as there are in that time.
struct StdioSession {
    private enum Attempt {
        case ended(StdioEnd)
        /// The agent is gone; the client's bytes that it has not got belong to the next one.
        case agentEnded(unread: [UInt8])
        /// Nobody could serve the client just now; why, should it stay so.
        case nobody(CommandError)
    }

    /// An agent that stops gives its requests ten seconds, then its locks back.
    private static let handoverTime = Duration.seconds(12)
    private static let retryTime = Duration.milliseconds(50)

    let streams: StandardStreams
    let composition: AgentComposition

    /// Throws when nobody could serve the client for the time that one agent takes to give way to the next.
    func run() async throws -> StdioEnd {
        var received: [UInt8] = []
        var deadline = ContinuousClock.now + Self.handoverTime
        while true {
            switch try await attempt(received) {
            case .ended(let end): return end
            case .agentEnded(let unread):
                received = unread
                deadline = .now + Self.handoverTime
            case .nobody(let reason):
                guard .now < deadline else { throw reason }
                try await Task.sleep(for: Self.retryTime)
            }
        }
    }

    private func attempt(_ received: [UInt8]) async throws -> Attempt {
        let state: StateDirectory
        do {
            state = try composition.takeState()
        } catch {
            guard case .held(let holder) = error else { throw error }
            return try await forward(received, holder: holder)
        }
        do {
            // Without an end of the client's own, the agent was stopped by a signal.
            return .ended(try await composition.serve(state, stdio: streams, received: received) ?? .stopped)
        } catch let error as SocketError {
            // An ending agent gives its two locks back one after the other.
            guard error.code == .alreadyRunning else { throw error }
            return .nobody(CommandError(error))
        }
    }

    private func forward(_ received: [UInt8], holder: Int32?) async throws -> Attempt {
        let forwarder: StdioForwarder
        do {
            forwarder = try StdioForwarder(streams, path: composition.socketPath)
        } catch {
            // It has not begun to listen yet, or is about to end.
            guard error.code == .noAgent else { throw error }
            return .nobody(unreachable(holder))
        }
        switch await forwarder.run(received: received) {
        case .ended(let end): return .ended(end)
        case .agentEnded: return .agentEnded(unread: forwarder.unread)
        }
    }

    private func unreachable(_ holder: Int32?) -> CommandError {
        CommandError(
            .noAgent,
            "\(holder.map { "Process \($0)" } ?? "Another process") holds the state directory, but nobody answers at "
                + "\(composition.socketPath). Was it started with another --socket?")
    }
}

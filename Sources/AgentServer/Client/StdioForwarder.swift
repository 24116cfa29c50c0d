internal import Glibc
internal import NIOConcurrencyHelpers
internal import RunnerProtocol

/// Passes a stdio client on to the agent that already runs, line by line and unchanged.
///
/// Two blocking threads, one for each direction. The reading one polls stdin, so that it can leave when the agent ends; whoever
/// then becomes the agent goes on reading the same stdin.
package final class StdioForwarder: Sendable {
    /// How the forwarding ended.
    package enum Outcome: Sendable, Hashable {
        /// The client's session is over; the process exits.
        case ended(StdioEnd)
        /// The agent is gone, and the client was told about what it had asked for. The session goes on with the next agent.
        case agentEnded
    }

    private let streams: StandardStreams
    private let socket: BlockingDescriptor
    private let signal: WakeSignal
    private let pending = PendingIDs()
    private let output = NIOLock()
    private let state = NIOLockedValueBox(State())
    private let outcomeKnown = StopSignal()
    private let readerLeft = StopSignal()

    private struct State {
        var outcome: Outcome?
        var hasInputEnded = false
        var unread: [UInt8] = []
    }

    /// Connects to the agent at `path`.
    ///
    /// Throws ``SocketError`` with the code `noAgent` when there is none.
    package init(_ streams: StandardStreams, path: String) throws(SocketError) {
        let signal = try WakeSignal()
        let descriptor = try UnixConnection.open(path)
        self.streams = streams
        self.signal = signal
        socket = BlockingDescriptor(number: descriptor)
    }

    deinit { close(socket.number) }

    /// The beginning of a line that was read from stdin and not passed on; whoever serves the client next starts with it.
    package var unread: [UInt8] { state.withLockedValue { $0.unread } }

    /// Forwards until either side ends.
    ///
    /// `received` is what a forwarder before this one has left in its ``unread``.
    /// A client that has only closed its sending side is served until the agent has sent everything.
    package func run(received: [UInt8] = []) async -> Outcome {
        BlockingThread.start {
            self.forwardInput(received)
            self.readerLeft.fire()
        }
        BlockingThread.start { self.forwardOutput() }
        await outcomeKnown.wait()
        guard let outcome = state.withLockedValue({ $0.outcome }), outcome == .agentEnded else {
            return state.withLockedValue { $0.outcome } ?? .agentEnded
        }
        // Only now is it certain what was read and passed on.
        await readerLeft.wait()
        write(pending.takeFailures())
        return .agentEnded
    }

    private func finish(_ reason: Outcome) {
        state.withLockedValue { $0.outcome = $0.outcome ?? reason }
        // Ends both directions: the threads see the end of the stream, or the signal.
        shutdown(socket.number, CInt(SHUT_RDWR))
        signal.signal()
        outcomeKnown.fire()
    }

    private var hasEnded: Bool { state.withLockedValue { $0.outcome != nil } }

    private func forwardInput(_ received: [UInt8]) {
        var input = ForwardedInput()
        perform(input.receive(received))
        while true {
            let isReadable = signal.wait(orReadable: streams.input.number)
            if hasEnded { break }
            guard isReadable else { continue }
            guard let bytes = streams.input.read(limit: 64 << 10) else {
                perform(input.end())
                state.withLockedValue { $0.hasInputEnded = true }
                // The agent serves what was asked for to the end, then closes.
                shutdown(socket.number, CInt(SHUT_WR))
                return
            }
            perform(input.receive(bytes))
        }
        state.withLockedValue { $0.unread = input.takePartialLine() }
    }

    private func perform(_ actions: [ForwardedInput.Action]) {
        for action in actions {
            switch action {
            case .forward(let line):
                pending.noteRequests(in: line)
                // A failed write means that the agent is gone, which the other thread sees as well.
                _ = socket.write(line)
            case .answer(let line): write(line)
            case .exit(let afterShutdown): finish(.ended(.exited(afterShutdown: afterShutdown)))
            case .watchProcess(let pid):
                ProcessWatch.start(pid: pid) { [self] in finish(.ended(.parentGone)) }
            }
        }
    }

    private func forwardOutput() {
        var unfinished: [UInt8] = []
        while let bytes = socket.read(limit: 64 << 10) {
            // Whole lines only, so that our own answers never land inside one.
            guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
                unfinished += bytes
                continue
            }
            let lines = unfinished + bytes[...end]
            unfinished = Array(bytes[(end + 1)...])
            for line in lines.split(separator: UInt8(ascii: "\n")) { pending.noteAnswers(in: line) }
            guard write(lines) else { return finish(.ended(.outputClosed)) }
        }
        finish(state.withLockedValue { $0.hasInputEnded } ? .ended(.inputEnded) : .agentEnded)
    }

    @discardableResult
    private func write(_ bytes: [UInt8]) -> Bool {
        output.withLock { streams.output.write(bytes) }
    }
}

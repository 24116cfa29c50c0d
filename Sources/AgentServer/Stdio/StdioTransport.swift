internal import Logging
internal import NIOConcurrencyHelpers

/// Serves one client over a pair of descriptors with two blocking threads.
///
/// Threads rather than an event loop: stdin and stdout may be files, which epoll refuses, and terminals, whose shared open file
/// must not become non-blocking. The reader polls, so it can be stopped and does not read while the session wants nothing.
final class StdioTransport: Sendable {
    private static let readBytes = 64 << 10

    private let streams: StandardStreams
    private let context: AgentContext
    private let readerSignal: WakeSignal
    private let writerSignal: WakeSignal
    private let end = NIOLockedValueBox<StdioEnd?>(nil)
    /// The writer has left, or is stuck in a write that nobody waits for any more.
    private let done = StopSignal()

    init(_ streams: StandardStreams, context: AgentContext) throws(SocketError) {
        self.streams = streams
        self.context = context
        readerSignal = try WakeSignal()
        writerSignal = try WakeSignal()
    }

    /// Serves until stdin has ended and all is answered, stdout is closed, or the client or the agent ends it.
    ///
    /// `received` is what was read from stdin before, by whoever had it.
    func run(received: [UInt8] = []) async -> StdioEnd {
        let session = Session(context: context, peer: .stdio, wake: { self.wakeBoth() }, endNow: { self.finish($0) })
        context.registry.add(session) {
            self.finish(.stopped)
            self.done.fire()
        }
        BlockingThread.start { self.readAll(session, received) }
        BlockingThread.start {
            self.writeAll(session)
            self.done.fire()
        }
        await done.wait()
        // The reader, if it still waits, looks at `end` and leaves.
        readerSignal.signal()
        session.disconnected()
        context.registry.remove(session)
        return end.withLockedValue { $0 } ?? .inputEnded
    }

    private func wakeBoth() {
        writerSignal.signal()
        readerSignal.signal()
    }

    private func finish(_ reason: StdioEnd) {
        end.withLockedValue { $0 = $0 ?? reason }
        wakeBoth()
    }

    private var hasEnded: Bool { end.withLockedValue { $0 } != nil }

    private func readAll(_ session: Session, _ received: [UInt8]) {
        var input = SessionInput(session: session)
        if !received.isEmpty { input.receive(received) }
        writerSignal.signal()
        while !hasEnded, !input.isFinished {
            let isReadable = readerSignal.wait(orReadable: input.wantsBytes ? streams.input.number : nil)
            if hasEnded { return }
            if isReadable {
                if let bytes = streams.input.read(limit: Self.readBytes) { input.receive(bytes) } else { input.end() }
            } else if !input.advance(), !input.isFinished {
                // Nothing new for the writer; a signal back and forth without news would never end.
                continue
            }
            writerSignal.signal()
        }
    }

    private func writeAll(_ session: Session) {
        while true {
            var isOpen = true
            var hasWritten = false
            // Before the check of the end: `exit` must not cut off the answer of the `shutdown` before it.
            session.takeOutput { lines, _ in
                hasWritten = true
                isOpen = streams.output.write(lines)
                return isOpen
            }
            guard isOpen else { return finish(.outputClosed) }
            // Sent answers make room for requests.
            if hasWritten { readerSignal.signal() }
            if hasEnded { return }
            if session.isDrained { return finish(session.isStopping ? .stopped : .inputEnded) }
            _ = writerSignal.wait()
        }
    }
}

internal import Logging
internal import NIOCore
internal import RunnerProtocol

/// One connection of the socket: moves bytes between its channel and its session.
///
/// A whole read burst is framed and answered with one write. The channel reads only when asked (`autoRead` is off), which is when
/// the session wants more requests; it is written to only while it is writable, so what a slow client leaves unread stays in the
/// session, where it is bounded.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let context: AgentContext
    private let peer: SessionPeer
    private var connection: Connection?
    private var stall: StallWatch
    /// There is a timer only while a line is unfinished.
    private var partialLineTimer: Scheduled<Void>?
    private var isClosing = false
    /// Bytes came since the last read completion.
    private var hasRead = false

    /// What exists while the handler is in its pipeline.
    private struct Connection {
        let session: Session
        var input: SessionInput
    }

    init(context: AgentContext, peer: SessionPeer) {
        self.context = context
        self.peer = peer
        stall = StallWatch(limit: context.limits.stalledAnswerTime)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context.registry.leave()
    }

    func channelActive(context: ChannelHandlerContext) {
        let loop = context.eventLoop
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
        let channel = context.channel
        let session = Session(
            context: self.context, peer: peer,
            wake: { loop.execute { bound.value.handler.serve(bound.value.context) } },
            // Later, because a handler may ask for it in the middle of a read.
            endNow: { _ in loop.execute { channel.close(promise: nil) } })
        connection = Connection(session: session, input: SessionInput(session: session))
        self.context.registry.add(session) { channel.close(promise: nil) }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasRead = true
        connection?.input.receive(Array(unwrapInboundIn(data).readableBytesView))
    }

    /// Serves a burst; a completion without bytes announces the end, which `inputClosed` serves.
    ///
    /// The channel is still in the middle of the end then: a write that fails there, because the client is gone altogether, would
    /// close it under NIO's feet.
    func channelReadComplete(context: ChannelHandlerContext) {
        guard hasRead else { return }
        hasRead = false
        serve(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { serve(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event {
            connection?.input.end()
            serve(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stall.stop()
        partialLineTimer?.cancel()
        guard let session = connection?.session else { return }
        // Breaks the cycle of session, its wake closure and this handler.
        connection = nil
        session.disconnected()
        self.context.registry.remove(session)
    }

    /// A peer that goes away in the middle is an ordinary end, so nothing is logged above debug.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.context.log.debug("connection ended", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    /// Takes what waits to be read, sends what waits to be sent, asks for more when there is room, closes when all is done.
    private func serve(_ context: ChannelHandlerContext) {
        guard let session = connection?.session, !isClosing else { return }
        var hasWritten = false
        repeat {
            guard context.channel.isWritable else { break }
            session.takeOutput { lines, areAnswers in
                context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: lines)), promise: nil)
                stall.wrote(lines.count, answers: areAnswers)
                hasWritten = true
                return context.channel.isWritable
            }
            // Answers that left make room for lines that were received before.
        } while connection?.input.advance() == true
        if hasWritten { context.flush() }
        // The flush may have closed the channel, or served more in the callbacks it makes.
        guard connection != nil, !isClosing else { return }
        if session.isDrained { return close(context) }
        if connection?.input.wantsBytes == true { context.read() }
        watchForStall(context)
        watchPartialLine(context)
    }

    /// An unfinished line holds memory for as long as it is unfinished.
    private func watchPartialLine(_ context: ChannelHandlerContext) {
        guard partialLineTimer == nil, let input = connection?.input, input.hasPartialLine else { return }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let line = input.linesTaken
        partialLineTimer = context.eventLoop.scheduleTask(in: TimeAmount(self.context.limits.partialLineTime)) {
            bound.value.handler.checkPartialLine(line, bound.value.context)
        }
    }

    private func checkPartialLine(_ line: Int, _ context: ChannelHandlerContext) {
        partialLineTimer = nil
        guard let connection, !isClosing else { return }
        // Another line by now, or one whose rest we have not asked for.
        guard connection.input.hasPartialLine, connection.input.linesTaken == line, connection.input.wantsBytes else {
            return watchPartialLine(context)
        }
        let seconds = self.context.limits.partialLineTime.components.seconds
        var writer = JSONWriter(reserving: 256)
        encodeError(.null, .invalidRequest("the line was not ended within \(seconds) s"), into: &writer)
        connection.session.queueAnswers(writer.bytes)
        serve(context)
        if !isClosing { close(context) }
    }

    /// Closes once all that was written has left.
    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        watchForStall(context)
        let channel = context.channel
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(channel.allocator.buffer(capacity: 0)), promise: sent)
    }

    private func watchForStall(_ context: ChannelHandlerContext) {
        if !stall.isWatching, hasUnsentBytes(context) { startStallTimer(context) }
    }

    private func startStallTimer(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        stall.start(on: context.eventLoop) { bound.value.handler.checkProgress(bound.value.context) }
    }

    private func checkProgress(_ context: ChannelHandlerContext) {
        guard hasUnsentBytes(context) else { return stall.stop() }
        let owesAnswers = connection?.session.hasUnsentAnswers == true
        guard stall.check(buffered: bufferedBytes(context), hasUnsentAnswers: owesAnswers) == .stalled else {
            return startStallTimer(context)
        }
        self.context.log.notice("closing a connection that does not read its answers", metadata: ["peer": "\(peer)"])
        context.close(promise: nil)
    }

    private func hasUnsentBytes(_ context: ChannelHandlerContext) -> Bool {
        bufferedBytes(context) > 0 || connection?.session.hasUnsentAnswers == true
    }

    private func bufferedBytes(_ context: ChannelHandlerContext) -> Int {
        do {
            return try context.channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
        } catch {
            // The channel is closed, and nothing waits in it.
            return 0
        }
    }
}

internal import NIOCore
internal import RunnerProtocol

/// Tells a peer why it is not served, in one line, and closes.
final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let error: ResponseError

    init(_ error: ResponseError) { self.error = error }

    func channelActive(context: ChannelHandlerContext) {
        var writer = JSONWriter(reserving: 256)
        encodeError(.null, error, into: &writer)
        let channel = context.channel
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(channel.allocator.buffer(bytes: writer.bytes)), promise: sent)
    }
}

import NIOCore
import NIOHTTP2

/// Asks the engine for a session and, when it agrees, becomes the server of an HTTP/2 connection.
///
/// `POST /session` with `Upgrade: h2c`: after its 101 the engine is the HTTP/2 client, although we have connected.
/// Lives on its channel's event loop.
final class SessionUpgrade: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The longest head of an answer.
    static let maxHeadBytes = 16 << 10
    /// How long an engine may think about it.
    static let timeout = TimeAmount.seconds(15)
    /// BuildKit asks a handful of things at a time.
    static let maxConcurrentCalls = 64

    private let request: String
    private let calls: AsyncStream<SessionCall>.Continuation
    private let opened: EventLoopPromise<Void>
    private var head = ByteBuffer()
    private var timer: Scheduled<Void>?
    private var isDecided = false

    init(request: String, calls: AsyncStream<SessionCall>.Continuation, opened: EventLoopPromise<Void>) {
        self.request = request
        self.calls = calls
        self.opened = opened
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        let (opened, channel) = (opened, context.channel)
        timer = context.eventLoop.scheduleTask(in: Self.timeout) {
            opened.fail(BuildSessionRefused(status: nil, message: "no answer to POST /session"))
            channel.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        head.writeBuffer(&bytes)
        guard let end = head.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else {
            if head.readableBytes > Self.maxHeadBytes { fail(context, status: nil, "an answer that never ends") }
            return
        }
        let text = head.readString(length: end.upperBound - head.readerIndex) ?? ""
        let line = text.prefix { $0 != "\r\n" }
        let words = line.split(separator: " ")
        guard words.first?.hasPrefix("HTTP/1.") == true, words.count > 1, let status = Int(words[1]) else {
            return fail(context, status: nil, "an answer that is no HTTP")
        }
        guard status == 101 else { return fail(context, status: status, "HTTP \(status)") }
        upgrade(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, status: nil, "a closed connection")
        calls.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context, status: nil, "\(error)")
    }

    private func upgrade(_ context: ChannelHandlerContext) {
        isDecided = true
        timer?.cancel()
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: Self.maxConcurrentCalls),
            HTTP2Setting(parameter: .maxHeaderListSize, value: Self.maxHeadBytes),
        ]
        do {
            let calls = calls
            _ = try context.pipeline.syncOperations.configureHTTP2Pipeline(
                mode: .server, connectionConfiguration: connection, streamConfiguration: .init()
            ) { stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.pipeline.syncOperations.addHandler(SessionCallHandler(calls: calls))
                }
            }
            try context.pipeline.syncOperations.addHandler(SessionEnd(calls: calls))
        } catch {
            opened.fail(error)
            context.close(promise: nil)
            return
        }
        opened.succeed()
        if head.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(head)) }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func fail(_ context: ChannelHandlerContext, status: Int?, _ answer: String) {
        guard !isDecided else { return }
        isDecided = true
        timer?.cancel()
        opened.fail(BuildSessionRefused(status: status, message: "POST /session got \(answer)"))
        context.close(promise: nil)
    }
}

/// Tells the answering side that no more calls come.
private final class SessionEnd: ChannelInboundHandler {
    typealias InboundIn = Never

    private let calls: AsyncStream<SessionCall>.Continuation

    init(calls: AsyncStream<SessionCall>.Continuation) {
        self.calls = calls
    }

    func channelInactive(context: ChannelHandlerContext) {
        calls.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

import NIOCore
import NIOHPACK
import NIOHTTP2

/// One call of BuildKit's, read to its end.
struct SessionCall: Sendable {
    /// As in `/grpc.health.v1.Health/Check`.
    let path: String
    /// gRPC's frames; see `GRPCFraming`.
    let body: [UInt8]
    private let channel: any Channel

    init(path: String, body: [UInt8], channel: any Channel) {
        self.path = path
        self.body = body
        self.channel = channel
    }

    /// Answers the call; a caller that has gone away is no error.
    func reply(_ reply: SessionAnswers.Reply) {
        switch reply {
        case .message(let message):
            send(.headers(.init(headers: [":status": "200", "content-type": "application/grpc"])))
            send(.data(.init(data: .byteBuffer(ByteBuffer(bytes: GRPCFraming.framed(message))))))
            send(.headers(.init(headers: ["grpc-status": "0"], endStream: true)))
        case .failure(let status):
            let headers: HPACKHeaders = [
                ":status": "200", "content-type": "application/grpc", "grpc-status": "\(status.code)",
                "grpc-message": status.message,
            ]
            send(.headers(.init(headers: headers, endStream: true)))
        }
        channel.flush()
    }

    private func send(_ payload: HTTP2Frame.FramePayload) {
        channel.write(payload, promise: nil)
    }
}

/// Collects one HTTP/2 stream of a session into a call.
///
/// Lives on its channel's event loop.
final class SessionCallHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    /// The longest request; host names and ids are all there is to ask.
    static let maxBodyBytes = 16 << 10

    private let calls: AsyncStream<SessionCall>.Continuation
    private var path = ""
    private var body: [UInt8] = []
    private var isAnswered = false

    init(calls: AsyncStream<SessionCall>.Continuation) {
        self.calls = calls
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            path = frame.headers.first(name: ":path") ?? path
            if frame.endStream { finish(context) }
        case .data(let frame):
            guard case .byteBuffer(let bytes) = frame.data, !isAnswered else { return }
            guard body.count + bytes.readableBytes <= Self.maxBodyBytes else { return refuse(context) }
            body += bytes.readableBytesView
            if frame.endStream { finish(context) }
        default:
            break
        }
    }

    /// A stream that breaks is the caller's way of giving up.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard !isAnswered else { return }
        let call = SessionCall(path: path, body: body, channel: context.channel)
        guard case .dropped = calls.yield(call) else {
            isAnswered = true
            return
        }
        refuse(context)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        isAnswered = true
        SessionCall(path: path, body: [], channel: context.channel).reply(.failure(.tooMuch))
    }
}

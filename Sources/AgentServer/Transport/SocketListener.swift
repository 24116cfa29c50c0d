internal import CLinuxShims
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RunnerProtocol

/// Accepts connections of the unix socket and gives each admitted one its handler.
struct SocketListener {
    private let channel: any Channel
    private let file: SocketFile

    /// Unsent bytes in a channel above and below which it counts as full and as writable again.
    private static let waterMarks = ChannelOptions.Types.WriteBufferWaterMark(low: 128 << 10, high: 512 << 10)

    /// Begins to accept on a socket that is already bound and listening.
    static func start(
        _ file: SocketFile, policy: PeerPolicy, context: AgentContext, group: any EventLoopGroup
    ) async throws -> SocketListener {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: SocketFile.backlog)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Out of descriptors: waits a second instead of spinning.
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // One read at a time, so that data and the end never share one completion: see `channelReadComplete`.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.writeBufferWaterMark, value: waterMarks)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try admit(channel, policy, context)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        let channel = try await bootstrap.withBoundSocket(file.listener).get()
        return SocketListener(channel: channel, file: file)
    }

    /// Stops accepting and removes the socket from the file system.
    func close() async {
        file.unlinkIfOurs()
        do {
            try await channel.close().get()
        } catch {
            // Closed already, which is what was wanted.
        }
    }

    private static func admit(
        _ channel: any Channel, _ policy: PeerPolicy, _ context: AgentContext
    ) throws -> any ChannelHandler {
        let peer = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            descriptor -> PeerCredential? in
            guard let peer = PeerCredential(descriptor: descriptor), policy.admits(peer, descriptor: descriptor) else {
                return nil
            }
            return peer
        }
        guard let peer, let peer else {
            context.log.warning("refused a connection of another user")
            return RefusalHandler(
                .domain(
                    .permissionDenied, message: "This agent does not serve your user.",
                    hint: "Run your own agent, or start this one with --socket-group."))
        }
        guard context.registry.admit(atMost: context.limits.connections) else {
            return RefusalHandler(
                .domain(
                    .tooManyConnections, message: "The agent has \(context.limits.connections) connections already.",
                    hint: "Close one, or try again later.", retryable: true, retryAfterMs: 1_000,
                    extra: [("limit", .int(context.limits.connections))]))
        }
        // It gives its place back when it is removed.
        return ConnectionHandler(
            context: context, peer: .socket(uid: peer.uid, pid: peer.pid))
    }
}

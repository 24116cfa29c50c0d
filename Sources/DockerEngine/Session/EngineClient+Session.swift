import Logging
import NIOCore
import NIOPosix

extension EngineClient {
    /// Serves a session to BuildKit for as long as `body` runs.
    ///
    /// Throws `BuildSessionRefused` when the engine or a proxy opens none; nothing of `body` has run then. The connection and
    /// its thread are gone when this returns.
    package func withBuildSession<Value: Sendable>(
        _ offer: BuildSessionOffer, _ body: (BuildSession) async throws -> Value
    ) async throws -> Value {
        let info = try await connect()
        let id = Self.newSessionID()
        // A thread for the time of one build: an agent that builds nothing has none.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let outcome: Result<Value, any Error>
        do {
            let request = sessionRequest(id: id, version: info.apiVersion)
            outcome = .success(try await serve(offer, request, on: loops) { try await body(BuildSession(id: id)) })
        } catch {
            outcome = .failure(error)
        }
        do {
            try await loops.shutdownGracefully()
        } catch {
            logger.warning("a session's thread did not end", metadata: ["error": "\(error)"])
        }
        return try outcome.get()
    }

    private func serve<Value: Sendable>(
        _ offer: BuildSessionOffer, _ request: String, on loops: MultiThreadedEventLoopGroup,
        _ body: () async throws -> Value
    ) async throws -> Value {
        let (calls, continuation) = AsyncStream.makeStream(
            of: SessionCall.self, bufferingPolicy: .bufferingOldest(SessionUpgrade.maxConcurrentCalls))
        let channel = try await openSession(request, on: loops, calls: continuation)
        return try await withTaskGroup(of: Void.self) { group in
            group.addTask { await SessionAnswers(offer: offer).serve(calls) }
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(try await body())
            } catch {
                outcome = .failure(error)
            }
            continuation.finish()
            channel.close(promise: nil)
            group.cancelAll()
            return outcome
        }.get()
    }

    /// Returns when the engine has agreed.
    private func openSession(
        _ request: String, on loops: MultiThreadedEventLoopGroup, calls: AsyncStream<SessionCall>.Continuation
    ) async throws -> any Channel {
        let loop = loops.next()
        let opened = loop.makePromise(of: Void.self)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        SessionUpgrade(request: request, calls: calls, opened: opened))
                }
            }
        let channel: any Channel
        do {
            switch endpoint.transport {
            case .unix(let path): channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            case .tcp(let host, let port): channel = try await bootstrap.connect(host: host, port: port).get()
            }
        } catch {
            opened.fail(error)
            forgetVersion()
            throw EngineError(
                kind: .unavailable(.lost), message: "the engine at \(endpoint) opens no connection: \(error)")
        }
        do {
            try await withTaskCancellationHandler {
                try await opened.futureResult.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw error
        }
        return channel
    }

    private func sessionRequest(id: String, version: String) -> String {
        let host: String
        switch endpoint.transport {
        case .unix: host = "d"
        case .tcp: host = String(endpoint.baseURL.dropFirst("http://".count))
        }
        let methods = SessionAnswers.Method.all.map { "X-Docker-Expose-Session-Grpc-Method: \($0)" }
        let lines =
            [
                "POST /v\(version)/session HTTP/1.1", "Host: \(host)", "Connection: Upgrade", "Upgrade: h2c",
                "X-Docker-Expose-Session-Uuid: \(id)", "X-Docker-Expose-Session-Name: runner-agent",
                "X-Docker-Expose-Session-Sharedkey: ",
            ] + methods
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// 25 letters and digits, as BuildKit's own clients send.
    private static func newSessionID() -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<25).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }
}

/// Answers what BuildKit asks in a session.
///
/// The services: <https://github.com/moby/buildkit/tree/master/session>. `GetTokenAuthority` and `FetchToken` are not offered:
/// BuildKit then asks for `Credentials` and fetches a registry's token by itself, anonymously when there are none. The context
/// comes in the body of `POST /build`, so there is no `FileSync`.
struct SessionAnswers: Sendable {
    enum Method {
        static let health = "/grpc.health.v1.Health/Check"
        static let credentials = "/moby.filesync.v1.Auth/Credentials"
        static let secret = "/moby.buildkit.secrets.v1.Secrets/GetSecret"

        static let all = [health, credentials, secret]
    }

    enum Reply: Hashable {
        case message([UInt8])
        case failure(GRPCStatus)
    }

    /// `HealthCheckResponse.SERVING`.
    private static let serving: UInt64 = 1

    let offer: BuildSessionOffer

    /// Answers until the session ends; several at a time, for a login may take its time.
    func serve(_ calls: AsyncStream<SessionCall>) async {
        await withDiscardingTaskGroup { group in
            for await call in calls {
                group.addTask { call.reply(await answer(call.path, call.body)) }
            }
        }
    }

    func answer(_ path: String, _ body: [UInt8]) async -> Reply {
        guard Method.all.contains(path) else { return .failure(.unimplemented) }
        guard let message = GRPCFraming.message(in: body) else { return .failure(.invalidArgument) }
        var writer = ProtobufWriter()
        switch path {
        case Method.credentials:
            guard let host = firstField(of: message) else { return .failure(.invalidArgument) }
            guard let login = await offer.login(host) else { return .message([]) }
            if Task.isCancelled { return .failure(.cancelled) }
            // An identity token has no user name: that is how BuildKit tells it from a password.
            writer.write(1, Array((login.identityToken == nil ? login.username : "").utf8))
            writer.write(2, Array((login.identityToken ?? login.password).utf8))
        case Method.secret:
            guard let id = firstField(of: message) else { return .failure(.invalidArgument) }
            guard let secret = offer.secrets[id] else { return .failure(.notFound) }
            writer.write(1, secret)
        default:
            writer.write(1, Self.serving)
        }
        return .message(writer.bytes)
    }

    /// A request's only field of interest, a text.
    private func firstField(of message: ArraySlice<UInt8>) -> String? {
        var reader = ProtobufReader(message)
        var text = ""
        do {
            while let field = try reader.next() {
                if field.number == 1, case .bytes(let bytes) = field.value {
                    text = String(decoding: bytes, as: UTF8.self)
                }
            }
        } catch {
            return nil
        }
        return text
    }
}

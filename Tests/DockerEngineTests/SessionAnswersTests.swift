import Testing

@testable import DockerEngine

@Suite struct SessionAnswersTests {
    private func framed(_ text: String) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.write(1, Array(text.utf8))
        return GRPCFraming.framed(writer.bytes)
    }

    @Test(arguments: [
        "/moby.filesync.v1.Auth/GetTokenAuthority", "/moby.filesync.v1.Auth/FetchToken",
        "/moby.filesync.v1.Auth/VerifyTokenAuthority", "/moby.sshforward.v1.SSH/CheckAgent",
        "/moby.filesync.v1.FileSync/DiffCopy", "/grpc.health.v1.Health/Watch", "", "/",
    ])
    func `offers nothing else`(path: String) async {
        let answers = SessionAnswers(offer: BuildSessionOffer())
        #expect(await answers.answer(path, framed("x")) == .failure(.unimplemented))
    }

    @Test(
        arguments: [[], [0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0x0a, 9]]
            as [[UInt8]])
    func `a request that cannot be read is refused`(body: [UInt8]) async {
        let answers = SessionAnswers(offer: BuildSessionOffer())
        #expect(await answers.answer(SessionAnswers.Method.secret, body) == .failure(.invalidArgument))
    }

    @Test func `no login is an empty answer, and an identity token has no user name`() async {
        let offer = BuildSessionOffer { host in
            guard host == "r" else { return nil }
            return RegistryAuth(username: "u", password: "", serverAddress: host, identityToken: "t")
        }
        let answers = SessionAnswers(offer: offer)
        #expect(await answers.answer(SessionAnswers.Method.credentials, framed("other")) == .message([]))
        let expected = SessionAnswers.Reply.message([0x12, 1, UInt8(ascii: "t")])
        #expect(await answers.answer(SessionAnswers.Method.credentials, framed("r")) == expected)
    }

    @Test func `a secret is given by its id alone`() async {
        let answers = SessionAnswers(offer: BuildSessionOffer(secrets: ["a": [1, 2], "empty": []]))
        let secret = SessionAnswers.Method.secret
        #expect(await answers.answer(secret, framed("a")) == .message([0x0a, 2, 1, 2]))
        #expect(await answers.answer(secret, framed("empty")) == .message([]))
        #expect(await answers.answer(secret, framed("b")) == .failure(.notFound))
    }

    @Test func `what is written is what is read`() throws {
        var writer = ProtobufWriter()
        writer.write(1, 300)
        writer.write(2, [UInt8](repeating: 7, count: 200))
        writer.write(3, 0)
        writer.write(4, UInt64.max)
        var reader = ProtobufReader(writer.bytes[...])
        var seen: [String] = []
        while let field = try reader.next() {
            switch field.value {
            case .varint(let value): seen.append("\(field.number)=\(value)")
            case .bytes(let bytes): seen.append("\(field.number)=\(bytes.count)")
            case .skipped: break
            }
        }
        #expect(seen == ["1=300", "2=200", "4=\(UInt64.max)"])
    }
}

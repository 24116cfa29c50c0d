import Glibc
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPTransportErrorTests {
    private let client = HTTPClient(label: "test")

    @Test func `tells an absent socket from a refused one`() async throws {
        let absent = makeSocketPath()
        var error = await expectFailure(.couldNotConnect) { try await client.collect(onSocket(absent), limitBytes: 1) }
        #expect(error?.osErrno == ENOENT)
        #expect(error?.message == "could not connect to \(absent): No such file or directory")

        let dead = makeSocketPath()
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        bind(descriptor, toPath: dead)
        defer {
            close(descriptor)
            unsafe unlink(dead)
        }
        error = await expectFailure(.couldNotConnect) { try await client.collect(onSocket(dead), limitBytes: 1) }
        #expect(error?.osErrno == ECONNREFUSED)
        #expect(error?.message == "could not connect to \(dead): Connection refused")
    }

    @Test func `names the host and port that refused`() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let port = bindToLoopback(descriptor)
        let error = await expectFailure(.couldNotConnect) {
            try await client.collect(plain("http://127.0.0.1:\(port)/?token=secret"), limitBytes: 1)
        }
        #expect(error?.osErrno == ECONNREFUSED)
        #expect(error?.message == "could not connect to 127.0.0.1:\(port): Connection refused")
    }

    @Test func `names the host that has no address`() async throws {
        let error = await expectFailure(.couldNotResolve) {
            try await client.collect(plain("http://nowhere.invalid/?token=secret"), limitBytes: 1)
        }
        #expect(error?.message.contains("nowhere.invalid") == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test(arguments: [
        ("file:///etc/passwd", ["http", "https"]), ("http://127.0.0.1/", ["https"]), ("ftp://127.0.0.1/", ["https"]),
        ("gopher://127.0.0.1/?secret", ["https"]),
    ])
    func `refuses other schemes`(url: String, schemes: [String]) async throws {
        var request = HTTPRequest(method: "GET", url: url)
        request.allowedSchemes = schemes
        let error = await expectFailure(.schemeNotAllowed) { try await client.collect(request, limitBytes: 1) }
        #expect(error?.message.contains("secret") == false)
    }

    @Test(arguments: [
        HTTPRequest(method: "GET", url: "https://user:secret@127.0.0.1/"),
        HTTPRequest(method: "GET", url: "https://127.0.0.1/a b?secret"),
        HTTPRequest(method: "GET", url: "https://127.0.0.1/\r\nX: secret"),
        HTTPRequest(method: "GET", url: "https://:99999999/?secret"),
        HTTPRequest(method: "GET /", url: "https://127.0.0.1/"),
        HTTPRequest(method: "GET", url: "https://127.0.0.1/", headers: HTTPHeaders([("A", "b\r\nC: secret")])),
        HTTPRequest(method: "GET", url: "https://127.0.0.1/", headers: HTTPHeaders([("A\r\nC", "secret")])),
        HTTPRequest(method: "GET", url: "https://127.0.0.1/", headers: HTTPHeaders([("content-LENGTH", "1")])),
        HTTPRequest(method: "GET", url: "http://d/", target: .unixSocket(path: String(repeating: "a", count: 108))),
        HTTPRequest(method: "GET", url: "http://d/", target: .unixSocket(path: "")),
    ])
    func `refuses a request that would not mean what it says`(request: HTTPRequest) async throws {
        let error = await expectFailure(.invalidRequest) { try await client.collect(request, limitBytes: 1) }
        #expect(error?.message.contains("secret") == false)
    }

    @Test func `fails when no answer comes in time, also after an upload`() async throws {
        let ended = Mailbox<Bool>()
        let server = StubServer(.unix) { connection in
            guard connection.readRequest() != nil else { return }
            ended.post(connection.endsSilently())
        }
        let pipe = HTTPBodyPipe()
        pipe.finish()
        for body in [HTTPRequest.Body.none, .stream(pipe)] {
            var request = server.request("POST", body: body)
            request.responseTimeout = .milliseconds(50)
            let error = await expectFailure(.timeout) { try await client.send(request) }
            #expect(error?.message.contains("did not answer within 0.05 seconds") == true)
            #expect(await ended.next() == true)
        }
    }

    @Test func `takes its time for the answer from the end of the upload`() async throws {
        let received = Mailbox<Void>()
        let server = StubServer(.unix) { connection in
            guard connection.readHead() != nil, connection.readChunk() != nil else { return }
            received.post(())
            connection.respond("200 OK")
        }
        let pipe = HTTPBodyPipe()
        var request = server.request("POST", body: .stream(pipe))
        request.responseTimeout = .nanoseconds(1)
        let sending = Task { [request] in try await client.send(request).status }
        try await pipe.writeAsync([1])
        await received.next()
        #expect(try await sending.value == 200)
    }

    @Test func `limits the whole transfer`() async throws {
        let server = StubServer(.unix) { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\n\r\nstart")
            _ = connection.endsSilently()
        }
        var request = server.request()
        request.totalTimeout = .milliseconds(100)
        await expectFailure(.timeout) { try await client.send(request).body.collect(limitBytes: 100) }
    }

    @Test func `ends a transfer that is too slow`() async throws {
        let server = StubServer(.unix) { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\n\r\nstart")
            _ = connection.endsSilently()
        }
        var request = server.request()
        request.lowSpeed = (bytesPerSecond: 1000, window: .seconds(1))
        await expectFailure(.lowSpeed) { try await client.send(request).body.collect(limitBytes: 100) }
    }

    @Test func `tells an answer that is none`() async throws {
        let server = StubServer { connection in _ = connection.readRequest() }
        let error = await expectFailure(.connectionLost) { try await client.collect(server.request(), limitBytes: 1) }
        #expect(error?.curlCode == 52)
    }

    @Test func `limits the size of the response head`() async throws {
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X: \(String(repeating: "a", count: 10_000))\r\n") {}
        }
        let error = await expectFailure(.bodyTooLarge) { try await client.collect(server.request(), limitBytes: 1) }
        #expect(error?.message.contains("headers") == true)
    }

    @Test func `names TLS as the cause when the peer speaks none`() async throws {
        let server = StubServer { connection in
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
        }
        var request = server.request()
        request.url = "https://\(server.authority)/?secret"
        request.allowedSchemes = ["https"]
        let error = await expectFailure(.tls) { try await client.collect(request, limitBytes: 1) }
        #expect(error?.message.contains(server.authority) == true)
        #expect(error?.message.contains("secret") == false)
    }

    private func onSocket(_ path: String) -> HTTPRequest {
        HTTPRequest(method: "GET", url: "http://stub/?token=secret", target: .unixSocket(path: path))
    }

    private func plain(_ url: String) -> HTTPRequest {
        var request = HTTPRequest(method: "GET", url: url)
        request.allowedSchemes = ["http"]
        request.proxy = .none
        return request
    }
}

import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    private let client = HTTPClient(label: "test")

    @Test(arguments: [StubServer.Address.tcp, .unix])
    func `collects a whole response`(address: StubServer.Address) async throws {
        let server = StubServer(address) { connection in
            guard let request = connection.readRequest() else { return }
            connection.respond(fields: "X-Line: \(request.line)\r\nX-Two: a\r\nx-two: b\r\n", body: "hello")
        }
        let response = try await client.collect(server.request("GET", "/a%20b?c=d"), limitBytes: 100)
        #expect(response.status == 200)
        #expect(response.headers["x-line"] == "GET /a%20b?c=d HTTP/1.1")
        #expect(response.headers.all("X-TWO") == ["a", "b"])
        #expect(response.body == Array("hello".utf8))
    }

    @Test(
        arguments: [
            ("GET", nil, nil), ("DELETE", nil, nil), ("POST", nil, "0"), ("PUT", nil, "0"), ("POST", "{}", "2"),
            ("PUT", "{}", "2"), ("PATCH", "", "0"),
        ] as [(String, String?, String?)])
    func `sends method, fields and body as given`(method: String, body: String?, length: String?) async throws {
        let seen = Mailbox<StubConnection.Request>()
        let server = StubServer { connection in
            guard let request = connection.readRequest() else { return }
            seen.post(request)
            connection.respond("204 No Content")
        }
        var request = server.request(method, "/x", body: body.map { .bytes(Array($0.utf8)) } ?? .none)
        request.headers.add("X-Empty", "")
        request.headers.add("Authorization", "Bearer t")
        let status = try await client.collect(request, limitBytes: 0).status
        #expect(status == 204)
        let recorded = try #require(await seen.next())
        #expect(recorded.line == "\(method) /x HTTP/1.1")
        #expect(recorded.fields["content-length"] == length)
        #expect(recorded.body == Array((body ?? "").utf8))
        #expect(recorded.fields["x-empty"] == "")
        #expect(recorded.fields["authorization"] == "Bearer t")
        for name in ["expect", "accept-encoding", "cookie", "content-type", "transfer-encoding"] {
            #expect(recorded.fields[name] == nil)
        }
    }

    @Test func `takes no body for HEAD, however long the declared one`() async throws {
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        }
        let response = try await client.collect(server.request("HEAD"), limitBytes: 10)
        #expect(response.status == 200)
        #expect(response.headers["content-length"] == "1000000")
        #expect(response.body.isEmpty)
    }

    @Test func `drops interim responses and trailers`() async throws {
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Final: 1\r\n\r\n")
            connection.write("3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n")
        }
        let response = try await client.collect(server.request(), limitBytes: 10)
        #expect(response.status == 200)
        #expect(response.body == Array("abc".utf8))
        #expect(response.headers["x-final"] == "1")
        #expect(response.headers["x-early"] == nil)
        #expect(response.headers["x-trailer"] == nil)
    }

    @Test func `returns a redirect and does not follow it`() async throws {
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.respond("302 Found", fields: "Location: http://127.0.0.1:1/?token=secret\r\n")
        }
        let response = try await client.collect(server.request(), limitBytes: 10)
        #expect(response.status == 302)
        #expect(response.headers["location"] == "http://127.0.0.1:1/?token=secret")
        #expect(server.connectionCount == 1)
    }

    @Test(arguments: [StubServer.Address.tcp, .unix])
    func `uses a connection again`(address: StubServer.Address) async throws {
        let server = StubServer(address) { connection in
            while connection.readRequest() != nil { connection.respond(body: "ok") }
        }
        for _ in 0..<3 {
            let body = try await client.collect(server.request(), limitBytes: 10).body
            #expect(body == Array("ok".utf8))
            let response = try await client.send(server.request())
            let streamed = try await response.body.collect(limitBytes: 10)
            #expect(streamed == Array("ok".utf8))
        }
        #expect(server.connectionCount == 1)
    }

    @Test func `runs 64 transfers at once`() async throws {
        let count = 64
        let barrier = Mailbox<Void>()
        let gate = Gate()
        let server = StubServer(.unix) { connection in
            guard let request = connection.readRequest() else { return }
            barrier.post(())
            gate.wait()
            connection.respond(body: request.line)
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<count {
                group.addTask {
                    let body = try await client.collect(server.request("GET", "/\(index)"), limitBytes: 100).body
                    return body == Array("GET /\(index) HTTP/1.1".utf8)
                }
            }
            // All of them are waiting for their answer before the first one gets it.
            for _ in 0..<count { await barrier.next() }
            gate.open()
            var right = 0
            for try await isRight in group where isRight { right += 1 }
            #expect(right == count)
        }
        #expect(server.connectionCount == count)
    }

    @Test func `closes the connection when the waiting task is cancelled`() async throws {
        let asked = Mailbox<Void>()
        let ended = Mailbox<Bool>()
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            asked.post(())
            ended.post(connection.endsSilently())
        }
        let task = Task { try await client.collect(server.request(), limitBytes: 10) }
        await asked.next()
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
        #expect(await ended.next() == true)
    }

    @Test func `does not start for a cancelled task`() async throws {
        let server = StubServer { _ in }
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            _ = try await client.send(server.request())
        }
        await expectFailure(.cancelled) { try await task.value }
        #expect(server.connectionCount == 0)
    }

    @Test func `ends pending transfers when it is shut down`() async throws {
        let asked = Mailbox<Void>()
        let ended = Mailbox<Bool>()
        let server = StubServer { connection in
            guard let request = connection.readRequest() else { return }
            if request.line.hasPrefix("GET /stream ") { connection.write("HTTP/1.1 200 OK\r\n\r\n") }
            asked.post(())
            ended.post(connection.endsSilently())
        }
        let waiting = Task { try await client.send(server.request()) }
        let streaming = try await client.send(server.request("GET", "/stream"))
        let reading = Task { try await streaming.body.collect(limitBytes: 10) }
        await asked.next()
        await asked.next()
        client.shutdown()
        await expectFailure(.cancelled) { _ = try await waiting.value }
        await expectFailure(.cancelled) { _ = try await reading.value }
        #expect(await ended.next() == true)
        #expect(await ended.next() == true)
        await expectFailure(.cancelled) { _ = try await client.send(server.request()) }
    }

    @Test func `lives as long as a body that is read`() async throws {
        let gate = Gate()
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na")
            gate.wait()
            connection.write("b")
        }
        let body = try await HTTPClient().send(server.request()).body
        gate.open()
        #expect(try await body.collect(limitBytes: 10) == Array("ab".utf8))
    }
}

/// Expects that `body` throws a transport error of this kind, and returns the error.
@discardableResult
func expectFailure<Value>(
    _ code: HTTPTransportError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Value
) async -> HTTPTransportError? {
    do {
        _ = try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as HTTPTransportError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
    return nil
}

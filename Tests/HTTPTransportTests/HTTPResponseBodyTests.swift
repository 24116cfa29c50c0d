import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPResponseBodyTests {
    private let client = HTTPClient(label: "test")

    @Test(arguments: [StubServer.Address.tcp, .unix])
    func `hands out bytes as they arrive`(address: StubServer.Address) async throws {
        let gates = [Gate(), Gate()]
        let server = StubServer(address) { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for (index, gate) in gates.enumerated() {
                gate.wait()
                connection.writeChunk(Array("part \(index)".utf8))
            }
            connection.write("0\r\n\r\n")
            _ = connection.endsSilently()
        }
        let response = try await client.send(server.request())
        #expect(response.status == 200)
        var body = response.body.makeAsyncIterator()
        for (index, gate) in gates.enumerated() {
            gate.open()
            #expect(try await body.next() == Array("part \(index)".utf8))
        }
        #expect(try await body.next() == nil)
        #expect(try await body.next() == nil)
    }

    @Test func `wakes the consumer at the asked number of bytes or at the end`() async throws {
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 300005\r\n\r\n")
            for _ in 0..<300 { connection.write([UInt8](repeating: 1, count: 1000)) }
            connection.write([UInt8](repeating: 2, count: 5))
        }
        var request = server.request()
        request.wakeBytes = 100_000
        var counts: [Int] = []
        for try await bytes in try await client.send(request).body { counts.append(bytes.count) }
        #expect(counts.reduce(0, +) == 300_005)
        #expect(counts.dropLast().allSatisfy { $0 >= 100_000 })
    }

    @Test func `does not deadlock when the wake mark is above the buffer`() async throws {
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            connection.write([UInt8](repeating: 1, count: 1_000_000))
        }
        var request = server.request()
        request.wakeBytes = 1 << 30
        request.bufferBytes = 1000
        #expect(try await client.send(request).body.collect(limitBytes: 1_000_000).count == 1_000_000)
    }

    @Test func `holds the server back while the consumer does not read`() async throws {
        let total = 32 << 20
        let stalledAt = Mailbox<Int>()
        let server = StubServer(.unix) { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let bytes = [UInt8](repeating: 7, count: total)
            let sent = connection.writeUntilStalled(bytes, milliseconds: 200)
            stalledAt.post(sent)
            connection.write(Array(bytes[sent...]))
        }
        var request = server.request()
        request.bufferBytes = 256 << 10
        let response = try await client.send(request)
        let accepted = try #require(await stalledAt.next())
        // Our buffer, what libcurl read before the pause, and the kernel's buffers.
        #expect(accepted >= request.bufferBytes)
        #expect(accepted < 2 << 20)
        var received = 0
        for try await bytes in response.body {
            #expect(bytes.count <= request.bufferBytes + 64 << 10)
            received += bytes.count
        }
        #expect(received == total)
    }

    @Test func `lets other transfers run while one is held back`() async throws {
        let server = StubServer(.unix) { connection in
            guard let request = connection.readRequest() else { return }
            if request.line.hasPrefix("GET /small") { return connection.respond(body: "ok") }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
            while connection.write([UInt8](repeating: 7, count: 1 << 20)) {}
        }
        let held = try await client.send(server.request("GET", "/large"))
        for _ in 0..<10 {
            #expect(try await client.collect(server.request("GET", "/small"), limitBytes: 10).status == 200)
        }
        held.body.cancel()
    }

    enum Ending: CaseIterable {
        case cancelledBody, droppedBody, leftLoop, cancelledTask
    }

    @Test(arguments: Ending.allCases)
    func `closes the connection when the consumer leaves`(ending: Ending) async throws {
        let ended = Mailbox<Bool>()
        let server = StubServer(.unix) { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
            ended.post(connection.endsSilently())
        }
        var response: HTTPResponse? = try await client.send(server.request())
        switch ending {
        case .cancelledBody:
            response?.body.cancel()
            #expect(await ended.next() == true)
            await expectFailure(.cancelled) { try await response?.body.collect(limitBytes: 1) }
        case .droppedBody:
            response = nil
            #expect(await ended.next() == true)
        case .leftLoop:
            let body = try #require(response?.body)
            for try await _ in body { break }
            #expect(await ended.next() == true)
            await expectFailure(.cancelled) { try await body.collect(limitBytes: 1) }
        case .cancelledTask:
            let body = try #require(response?.body)
            let first = Mailbox<Void>()
            let task = Task { for try await _ in body { first.post(()) } }
            await first.next()
            task.cancel()
            await expectFailure(.cancelled) { try await task.value }
            #expect(await ended.next() == true)
        }
    }

    enum Break: CaseIterable {
        case declaredLength, chunk, reset

        var code: HTTPTransportError.Code { self == .reset ? .connectionLost : .truncated }
    }

    @Test(arguments: Break.allCases)
    func `delivers what arrived and then fails when the body is cut`(cut: Break) async throws {
        let gate = Gate()
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            switch cut {
            case .declaredLength, .reset: connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
            case .chunk: connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            }
            gate.wait()
            if cut == .reset { connection.resetOnClose() }
        }
        let response = try await client.send(server.request())
        var body = response.body.makeAsyncIterator()
        #expect(try await body.next() == Array("hello".utf8))
        gate.open()
        let error = await expectFailure(cut.code) { try await body.next() }
        #expect(error?.message.contains(server.authority) == true)
    }

    @Test func `fails a collected response that is cut`() async throws {
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
        }
        await expectFailure(.truncated) { try await client.collect(server.request(), limitBytes: 1000) }
    }

    @Test(arguments: [true, false])
    func `fails above the allowed length`(isDeclared: Bool) async throws {
        let server = StubServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\n\(isDeclared ? "Content-Length: 11\r\n" : "")\r\n12345678901")
        }
        var request = server.request()
        request.maxBodyBytes = 10
        await expectFailure(.bodyTooLarge) { try await client.send(request).body.collect(limitBytes: 1000) }
        await expectFailure(.bodyTooLarge) { try await client.collect(server.request(), limitBytes: 10) }
        await expectFailure(.bodyTooLarge) { try await client.send(server.request()).body.collect(limitBytes: 10) }
        request.maxBodyBytes = 11
        #expect(try await client.collect(request, limitBytes: 11).body.count == 11)
    }
}

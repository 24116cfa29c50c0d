import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPBodyPipeTests {
    private let client = HTTPClient(label: "test")

    @Test(arguments: [StubServer.Address.tcp, .unix])
    func `sends what a thread writes, bounded by its capacity`(address: StubServer.Address) async throws {
        let gate = Gate()
        let received = Mailbox<StubConnection.Request>()
        let server = StubServer(address) { connection in
            gate.wait()
            guard let request = connection.readRequest() else { return }
            received.post(request)
            connection.respond(body: "done")
        }
        let pipe = HTTPBodyPipe(capacityBytes: 100_000)
        let chunk = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
        let written = Mailbox<Result<Int64, any Error>>()
        onThread {
            written.post(
                Result {
                    var lead: Int64 = 0
                    for index in 1...300 {
                        try pipe.write(chunk)
                        lead = max(lead, Int64(index * chunk.count) - pipe.bytesTaken)
                    }
                    pipe.finish()
                    return lead
                })
        }
        async let answer = client.collect(server.request("POST", "/build", body: .stream(pipe)), limitBytes: 10)
        gate.open()
        let lead = try await #require(written.next()).get()
        #expect(lead < 100_000 + chunk.count)
        #expect(try await answer.body == Array("done".utf8))
        let request = try #require(await received.next())
        #expect(request.fields["transfer-encoding"] == "chunked")
        #expect(request.fields["expect"] == nil)
        #expect(request.isComplete)
        #expect(request.body.count == 300 * chunk.count)
        #expect(request.body.suffix(chunk.count).elementsEqual(chunk))
        #expect(pipe.bytesTaken == Int64(request.body.count))
    }

    @Test func `waits for a slow producer`() async throws {
        let chunks = Mailbox<[UInt8]?>()
        let server = StubServer(.unix) { connection in
            guard connection.readHead() != nil else { return }
            while let chunk = connection.readChunk() {
                chunks.post(chunk)
                if chunk.isEmpty { return connection.respond(body: "done") }
            }
            chunks.post(nil)
        }
        let pipe = HTTPBodyPipe()
        async let answer = client.collect(server.request("PUT", body: .stream(pipe)), limitBytes: 10)
        for index in 0..<20 {
            // The server has the last chunk, so the upload finds nothing and pauses.
            try await pipe.writeAsync(Array("chunk \(index)".utf8))
            #expect(await chunks.next() == Array("chunk \(index)".utf8))
        }
        try await pipe.writeAsync([])
        pipe.finish()
        #expect(await chunks.next() == [UInt8]())
        #expect(try await answer.status == 200)
    }

    @Test func `suspends a task while it is full`() async throws {
        let gate = Gate()
        let server = StubServer(.unix) { connection in
            gate.wait()
            guard let request = connection.readRequest() else { return }
            connection.respond(body: "\(request.body.count)")
        }
        let pipe = HTTPBodyPipe(capacityBytes: 1000)
        async let answer = client.collect(server.request("POST", body: .stream(pipe)), limitBytes: 10)
        async let written: Void = {
            for _ in 0..<100 { try await pipe.writeAsync([UInt8](repeating: 1, count: 40_000)) }
            pipe.finish()
        }()
        gate.open()
        try await written
        #expect(try await answer.body == Array("4000000".utf8))
    }

    @Test func `gives a cancelled writer back its task`() async throws {
        let pipe = HTTPBodyPipe(capacityBytes: 1)
        try await pipe.writeAsync([1, 2])
        let task = Task { try await pipe.writeAsync([3]) }
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
        pipe.abort()
        await expectFailure(.cancelled) { try await pipe.writeAsync([4]) }
    }

    @Test(arguments: [true, false])
    func `never ends an aborted body with a terminating chunk`(isPaused: Bool) async throws {
        let first = Mailbox<Void>()
        let ended = Mailbox<Bool>()
        let server = StubServer(.unix) { connection in
            guard connection.readHead() != nil, connection.readChunk() != nil else { return }
            first.post(())
            while let chunk = connection.readChunk() {
                if chunk.isEmpty { return ended.post(false) }
            }
            ended.post(connection.isEnded)
        }
        let pipe = HTTPBodyPipe()
        let request = server.request("POST", body: .stream(pipe))
        let answer = Task { try await client.collect(request, limitBytes: 10) }
        try await pipe.writeAsync([1, 2, 3])
        await first.next()
        if !isPaused { try await pipe.writeAsync([UInt8](repeating: 1, count: 100_000)) }
        pipe.abort()
        pipe.finish()
        let error = await expectFailure(.cancelled) { try await answer.value }
        #expect(error?.message.contains("given up") == true)
        #expect(await ended.next() == true)
        await expectFailure(.cancelled) { try await pipe.writeAsync([4]) }
    }

    @Test func `drops the connection when the sending task is cancelled`() async throws {
        let first = Mailbox<Void>()
        let ended = Mailbox<Bool>()
        let server = StubServer(.unix) { connection in
            guard connection.readHead() != nil, connection.readChunk() != nil else { return }
            first.post(())
            ended.post(connection.readChunk() == nil && connection.isEnded)
        }
        let pipe = HTTPBodyPipe()
        let request = server.request("POST", body: .stream(pipe))
        let answer = Task { try await client.send(request) }
        try await pipe.writeAsync([1, 2, 3])
        await first.next()
        answer.cancel()
        await expectFailure(.cancelled) { try await answer.value }
        #expect(await ended.next() == true)
        await expectFailure(.cancelled) { try await pipe.writeAsync([4]) }
    }

    struct EarlyAnswer: Sendable, CustomTestStringConvertible {
        var status = "400 Bad Request"
        var fields = ""
        var isChunked = false
        var producerIsSlow: Bool
        var testDescription: String { "\(status) \(fields.dropLast(2)) chunked \(isChunked) slow \(producerIsSlow)" }

        static let all = [true, false].flatMap { isSlow in
            ["", "Connection: close\r\n"].flatMap { fields in
                [true, false].map { EarlyAnswer(fields: fields, isChunked: $0, producerIsSlow: isSlow) }
            }
        }
    }

    @Test(arguments: EarlyAnswer.all)
    func `delivers an early refusal and frees the writer`(answer: EarlyAnswer) async throws {
        let gate = Gate()
        let server = StubServer(.unix) { connection in
            guard connection.readHead() != nil, connection.readChunk() != nil else { return }
            if answer.isChunked {
                connection.write("HTTP/1.1 \(answer.status)\r\n\(answer.fields)Transfer-Encoding: chunked\r\n\r\n")
                connection.write("5\r\nno ta\r\n1\r\ng\r\n0\r\n\r\n")
            } else {
                connection.respond(answer.status, fields: answer.fields, body: "no tag")
            }
            gate.wait()
        }
        let pipe = HTTPBodyPipe(capacityBytes: 100_000)
        let failed = Mailbox<HTTPTransportError?>()
        onThread {
            do throws(HTTPTransportError) {
                try pipe.write([1])
                while !answer.producerIsSlow { try pipe.write([UInt8](repeating: 1, count: 60_000)) }
            } catch {
                failed.post(error)
                // What a producer does whose write has failed: it must not cost the response.
                pipe.abort()
            }
        }
        let response = try await client.send(server.request("POST", body: .stream(pipe)))
        #expect(response.status == 400)
        #expect(try await response.body.collect(limitBytes: 100) == Array("no tag".utf8))
        if answer.producerIsSlow {
            await expectFailure(.connectionLost) { try await pipe.writeAsync([1]) }
        } else {
            let error = try #require(await failed.next())
            #expect(error?.code == .connectionLost)
            #expect(error?.message.contains("400") == true)
        }
        gate.open()
    }

    enum Framing: CaseIterable {
        case declaredLength, chunked, cutChunked
    }

    @Test(arguments: Framing.allCases)
    func `takes a complete answer for one although the rest of the body cannot be sent`(framing: Framing) async throws {
        let gate = Gate()
        let server = StubServer(.unix) { connection in
            guard connection.readHead() != nil, connection.readChunk() != nil else { return }
            switch framing {
            case .declaredLength: connection.respond(body: "built")
            case .chunked:
                connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbuilt\r\n0\r\n\r\n")
            case .cutChunked: connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbuilt\r\n")
            }
            gate.wait()
        }
        let pipe = HTTPBodyPipe()
        let stopped = Mailbox<Void>()
        onThread {
            do throws(HTTPTransportError) {
                while true { try pipe.write([UInt8](repeating: 1, count: 300_000)) }
            } catch {
                stopped.post(())
            }
        }
        let response = try await client.send(server.request("POST", body: .stream(pipe)))
        #expect(response.status == 200)
        var body = response.body.makeAsyncIterator()
        #expect(try await body.next() == Array("built".utf8))
        gate.open()
        if framing == .cutChunked {
            await expectFailure(.connectionLost) { try await body.next() }
        } else {
            #expect(try await body.next() == nil)
        }
        await stopped.next()
    }

    @Test func `sends and receives at the same time`() async throws {
        let server = StubServer(.unix) { connection in
            guard connection.readHead() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while let chunk = connection.readChunk() {
                if chunk.isEmpty { break }
                connection.writeChunk(chunk)
            }
            connection.write("0\r\n\r\n")
        }
        let pipe = HTTPBodyPipe()
        let response = try await client.send(server.request("POST", body: .stream(pipe)))
        var body = response.body.makeAsyncIterator()
        for index in 0..<20 {
            try await pipe.writeAsync(Array("echo \(index)".utf8))
            #expect(try await body.next() == Array("echo \(index)".utf8))
        }
        pipe.finish()
        #expect(try await body.next() == nil)
    }

    @Test func `fails its writer when the request cannot be made`() async throws {
        let pipe = HTTPBodyPipe()
        var request = HTTPRequest(method: "POST", url: "file:///etc/passwd", body: .stream(pipe))
        await expectFailure(.schemeNotAllowed) { try await client.send(request) }
        await expectFailure(.schemeNotAllowed) { try await pipe.writeAsync([1]) }
        request.url = "http://127.0.0.1/"
        await expectFailure(.invalidRequest) { try await client.send(request) }
        let unused = HTTPBodyPipe()
        request.body = .stream(unused)
        client.shutdown()
        await expectFailure(.cancelled) { try await client.send(request) }
        await expectFailure(.cancelled) { try await unused.writeAsync([1]) }
    }

    @Test func `refuses bytes after its end`() async throws {
        let pipe = HTTPBodyPipe()
        pipe.finish()
        await expectFailure(.invalidRequest) { try await pipe.writeAsync([1]) }
    }
}

import Testing

@testable import HTTPTransport

@Suite struct ChunkedFramingTests {
    @Test(arguments: [
        "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "a;x=\"1\"\r\n0123456789\r\n00\r\nA: b\r\n\r\n", "1\n\n\r\n0\n\n",
    ])
    func `sees the end at the last byte and not before, however the body is cut`(body: String) {
        let bytes = Array(body.utf8)
        for cut in 0..<bytes.count {
            var framing = ChunkedFraming()
            unsafe bytes[..<cut].withUnsafeBytes { unsafe framing.consume($0) }
            #expect(!framing.isAtEnd)
            unsafe bytes[cut...].withUnsafeBytes { unsafe framing.consume($0) }
            #expect(framing.isAtEnd)
        }
    }

    @Test(arguments: ["0\r\nA: b\r\n", "5\r\n0\r\n\r\n", "ffffffffffffffffffff\r\n0\r\n\r\n"])
    func `does not take data or trailers for the end`(body: String) {
        var framing = ChunkedFraming()
        unsafe Array(body.utf8).withUnsafeBytes { unsafe framing.consume($0) }
        #expect(!framing.isAtEnd)
    }
}

@Suite struct ResponseHeadParserTests {
    @Test func `keeps the fields of the final block alone`() {
        let head = parse(["HTTP/1.1 100 Continue", "A: 1", "", "HTTP/1.1 404 Not Found", "B:2 ", "c: x:y", ""])
        #expect(head?.status == 404)
        #expect(head?.headers.entries.map { "\($0.name)=\($0.value)" } == ["B=2", "c=x:y"])
    }

    @Test func `joins folded lines and ignores what is no field`() {
        let head = parse(["HTTP/1.1 200", " lost", "A: 1", "\t2", "nonsense", ""])
        #expect(head?.status == 200)
        #expect(head?.headers.entries.map { "\($0.name)=\($0.value)" } == ["A=1 2"])
    }

    @Test(arguments: [(["Content-Length: 5"], 5), (["Content-Length: x"], nil), ([], nil)] as [([String], Int64?)])
    func `knows the declared length`(fields: [String], length: Int64?) {
        #expect(parse(["HTTP/1.1 200 OK"] + fields + [""])?.contentLength == length)
    }

    private func parse(_ lines: [String]) -> ResponseHead? {
        var parser = ResponseHeadParser()
        for line in lines {
            let event = unsafe Array("\(line)\r\n".utf8).withUnsafeBytes { unsafe parser.consume(line: $0) }
            if case .complete(let head) = event { return head }
        }
        return nil
    }
}

@Suite struct HTTPBodyPipeReadingTests {
    @Test func `ends only a finished body and only after its last byte`() async throws {
        let pipe = HTTPBodyPipe()
        #expect(read(pipe) == "pause")
        try await pipe.writeAsync([1, 2, 3, 4, 5])
        pipe.finish()
        #expect(read(pipe) == "bytes(4)")
        #expect(read(pipe) == "bytes(1)")
        #expect(read(pipe) == "end")
        #expect(pipe.bytesTaken == 5)
    }

    @Test(arguments: [true, false])
    func `is never read to an end once it is given up or its transfer is over`(isAborted: Bool) async throws {
        let pipe = HTTPBodyPipe()
        let request = HTTPRequest(method: "POST", url: "http://stub/", body: .stream(pipe))
        let transfer = Transfer(request, delivery: .whole, on: TransferLoop(threadName: "test"))
        #expect(pipe.attach(to: transfer) == nil)
        try await pipe.writeAsync([1])
        pipe.finish()
        if isAborted { pipe.abort() } else { transfer.cancel("test") }
        #expect(read(pipe) == "abort")
    }

    private func read(_ pipe: HTTPBodyPipe) -> String {
        var buffer: [UInt8] = [0, 0, 0, 0]
        return unsafe buffer.withUnsafeMutableBytes { "\(unsafe pipe.read(into: $0))" }
    }
}

@Suite struct ByteQueueTests {
    @Test(arguments: [1, 3, 7, 1000])
    func `keeps order and count for any read size`(size: Int) {
        var queue = ByteQueue()
        var expected: [UInt8] = []
        var moved: [UInt8] = []
        for index in 0..<200 {
            let chunk = (0..<index % 9).map { UInt8(truncatingIfNeeded: index + $0) }
            queue.append(chunk)
            expected += chunk
            move(size, from: &queue, to: &moved)
            #expect(queue.count == expected.count - moved.count)
        }
        while queue.count > 0 { move(size, from: &queue, to: &moved) }
        #expect(moved == expected)
        #expect(move(size, from: &queue, to: &moved) == 0)
    }

    @discardableResult
    private func move(_ size: Int, from queue: inout ByteQueue, to moved: inout [UInt8]) -> Int {
        var buffer = [UInt8](repeating: 0, count: size)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe queue.move(into: $0) }
        moved += buffer.prefix(count)
        return count
    }
}

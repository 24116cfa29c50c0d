import Testing

@testable import RunnerProtocol

@Suite struct LineFramerTests {
    /// Feeds `stream` in chunks of `size` bytes and takes every line out.
    private func lines(_ stream: [UInt8], limit: Int = 64, size: Int) -> [FramedLine] {
        var framer = LineFramer(limitBytes: limit)
        var lines: [FramedLine] = []
        var index = 0
        while index < stream.count {
            let end = min(index + size, stream.count)
            framer.append(stream[index..<end])
            while let line = framer.next() { lines.append(line) }
            #expect(framer.partialBytes <= limit)
            index = end
        }
        if let last = framer.finish() { lines.append(last) }
        return lines
    }

    private func line(_ text: String) -> FramedLine { .line(Array(text.utf8)) }

    @Test(arguments: [
        ("a\nb\n", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]), ("a\nb", ["a", "b"]), ("a\rb\n", ["a\rb"]),
        ("a\r\r\n", ["a\r"]), ("\n\n \t \n\r\na\n\n", ["a"]), ("", []), ("\n", []), ("  ", []), ("a\n  ", ["a"]),
        (" a \n", [" a "]), ("\u{feff}a\nb\n", ["a", "b"]), ("\u{feff}\na\n", ["a"]), ("\u{feff}", []),
        ("\u{feff}\u{feff}a\n", ["\u{feff}a"]), ("a\n\u{feff}b\n", ["a", "\u{feff}b"]),
        ("\n\u{feff}a\n", ["\u{feff}a"]), ("a\u{2028}b\n", ["a\u{2028}b"]), ("a\u{0}b\n", ["a\u{0}b"]),
    ])
    func `lines are the same in any chunking`(stream: String, expected: [String]) {
        for size in 1...max(1, stream.utf8.count) {
            #expect(lines(Array(stream.utf8), size: size) == expected.map(line), "chunks of \(size)")
        }
    }

    @Test(arguments: 1...40)
    func `an oversized line is told once and dropped`(size: Int) {
        let stream =
            "ok\n" + String(repeating: "x", count: 30) + "\nmore\n" + String(repeating: "y", count: 11) + "\nend"
        let expected = [line("ok"), .tooLong, line("more"), .tooLong, line("end")]
        #expect(lines(Array(stream.utf8), limit: 10, size: size) == expected)
    }

    @Test(arguments: [1, 3, 100])
    func `the limit counts what stands before the newline`(size: Int) {
        let exact = String(repeating: "x", count: 10)
        #expect(lines(Array("\(exact)\n\(exact)".utf8), limit: 10, size: size) == [line(exact), line(exact)])
        #expect(lines(Array("\(exact)\r\n".utf8), limit: 10, size: size) == [.tooLong])
        #expect(lines(Array("\(exact)x".utf8), limit: 10, size: size) == [.tooLong])
        #expect(lines(Array("\u{feff}\(exact)x".utf8), limit: 10, size: size) == [.tooLong])
    }

    @Test func `an endless line holds no more than the limit`() {
        var framer = LineFramer(limitBytes: 1000)
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 100)
        var told = 0
        var held = 0
        for _ in 0..<10_000 {
            framer.append(chunk)
            while let line = framer.next() { told += line == .tooLong ? 1 : 0 }
            held = max(held, framer.partialBytes)
        }
        #expect(told == 1)
        #expect(held <= 1000)
        #expect(framer.finish() == nil)
        framer = LineFramer(limitBytes: 1000)
        framer.append(Array("{}\n".utf8))
        #expect(framer.next() == line("{}"))
    }

    @Test func `lines can be taken between appends`() {
        var framer = LineFramer()
        framer.append(Array("a\nb\nc".utf8))
        #expect(framer.next() == line("a"))
        framer.append(Array("d\n".utf8))
        #expect(framer.next() == line("b"))
        #expect(framer.next() == line("cd"))
        #expect(framer.next() == nil)
        #expect(framer.partialBytes == 0)
    }
}

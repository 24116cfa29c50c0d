import Testing

@testable import RunnerCore

@Suite struct LineAssemblerTests {
    private func lines(_ chunks: [(LogSource, String)], finish: Bool = true) -> [LineAssembler.Line] {
        var assembler = LineAssembler()
        var lines: [LineAssembler.Line] = []
        for (stream, text) in chunks { assembler.append(Array(text.utf8), of: stream, to: &lines) }
        if finish { assembler.finish(to: &lines) }
        return lines
    }

    private func text(_ line: LineAssembler.Line) -> String { String(decoding: line.bytes, as: UTF8.self) }

    @Test func `joins what arrives in pieces and keeps stdout and stderr apart`() {
        let result = lines([(.stdout, "he"), (.stderr, "oops\nx"), (.stdout, "llo\nsecond"), (.stderr, "y\n")])
        #expect(result.map(text) == ["oops", "hello", "xy", "second"])
        #expect(result.map(\.stream) == [.stderr, .stdout, .stderr, .stdout])
        #expect(result.allSatisfy { !$0.partial })
    }

    @Test func `gives the same lines however the bytes are cut`() {
        let whole = "a\n\nbb\r\nccc\nlast"
        let expected = lines([(.stdout, whole)]).map(text)
        #expect(expected == ["a", "", "bb\r", "ccc", "last"])
        #expect(lines(whole.map { (.stdout, String($0)) }).map(text) == expected)
    }

    @Test func `shows a prompt as partial and continues it with bytes not sent before`() {
        var assembler = LineAssembler()
        var lines: [LineAssembler.Line] = []
        assembler.append(Array("name: ".utf8), of: .stdout, to: &lines)
        #expect(lines.isEmpty && assembler.hasPending)
        assembler.flushPartials(to: &lines)
        assembler.append(Array("Ada\n".utf8), of: .stdout, to: &lines)
        #expect(lines.map(text) == ["name: ", "Ada"])
        #expect(lines.map(\.partial) == [true, false])
        #expect(!assembler.hasPending)
    }

    @Test func `splits a line over the limit, each part but the last partial and truncated`() {
        let size = LineAssembler.splitBytes
        let result = lines([(.stdout, String(repeating: "x", count: size * 2 + 5) + "\n")])
        #expect(result.map(\.bytes.count) == [size, size, 5])
        #expect(result.map(\.partial) == [true, true, false])
        #expect(result.map(\.truncated) == [true, true, false])
    }

    @Test func `a line of exactly the limit is not split`() {
        let result = lines([(.stdout, String(repeating: "x", count: LineAssembler.splitBytes) + "\n")])
        #expect(result.count == 1 && !result[0].partial)
    }

    @Test func `an end without a newline closes a line that was given out in parts`() {
        var assembler = LineAssembler()
        var lines: [LineAssembler.Line] = []
        assembler.append(Array("name: ".utf8), of: .stderr, to: &lines)
        assembler.flushPartials(to: &lines)
        assembler.finish(to: &lines)
        #expect(lines.map(text) == ["name: ", ""])
        #expect(lines.map(\.partial) == [true, false])
    }

    @Test func `a line given out in parts is cut between characters`() {
        var assembler = LineAssembler()
        var lines: [LineAssembler.Line] = []
        let bytes = Array("grün".utf8)
        assembler.append(Array(bytes[..<3]), of: .stdout, to: &lines)
        assembler.flushPartials(to: &lines)
        #expect(lines.map(text) == ["gr"] && assembler.hasPending)
        assembler.append(Array(bytes[3...]) + [0x0A], of: .stdout, to: &lines)
        #expect(lines.map(text) == ["gr", "ün"])
        // The split limit falls into the second byte of a character.
        let long = "x" + String(repeating: "ü", count: LineAssembler.splitBytes / 2) + "\n"
        let parts = self.lines([(.stdout, long)])
        #expect(parts.map(\.bytes.count) == [LineAssembler.splitBytes - 1, 2])
        #expect(parts.map(text).joined() + "\n" == long)
    }

    @Test func `a byte that begins no character is shown when it has waited`() {
        var assembler = LineAssembler()
        var lines: [LineAssembler.Line] = []
        assembler.append([0x61, 0xE9], of: .stdout, to: &lines)
        assembler.flushPartials(to: &lines)
        assembler.flushPartials(all: true, to: &lines)
        #expect(lines.map(\.bytes) == [[0x61], [0xE9]])
    }
}

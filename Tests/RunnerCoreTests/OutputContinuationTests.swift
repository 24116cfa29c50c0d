import TestSupport
import Testing

@testable import RunnerCore

/// The pure parts by which output goes on where it broke off.
@Suite struct OutputContinuationTests {
    private func record(_ text: String, _ time: Int64 = 0, _ stream: LogSource = .stdout) -> EngineLogRecord {
        EngineLogRecord(stream: stream, time: time, bytes: Array(text.utf8))
    }

    private func position(lines: Int64?, open: Int = 0, recent: [String], time: Int64 = 0) -> OutputPosition.Stream {
        OutputPosition.Stream(
            lines: lines, openBytes: open, recent: recent.map { LineMark(Array($0.utf8)) },
            time: WallTime(nanoseconds: time))
    }

    private func rest(_ seeker: OutputSeeker, _ texts: [String]) -> (text: String, seeker: OutputSeeker) {
        var seeker = seeker
        let bytes = texts.flatMap { seeker.take(record($0)) }
        return (String(decoding: bytes, as: UTF8.self), seeker)
    }

    @Test func `an engine's JSON log has every byte that is no UTF-8 as a replacement, cut at 16 KiB`() {
        #expect(EngineTextForm.json.form(of: [0x61, 0xFF, 0xC3]) == [0x61, 0xEF, 0xBF, 0xBD, 0xEF, 0xBF, 0xBD])
        #expect(EngineTextForm.json.form(of: Array("grün".utf8)) == Array("grün".utf8))
        let long = Array(repeating: UInt8(ascii: "x"), count: EngineTextForm.pieceBytes - 1) + Array("ü".utf8)
        #expect(EngineTextForm.json.form(of: long).count == long.count - 2 + 6)
        #expect(EngineTextForm.json.form(of: Array("ü".utf8), lineOffset: EngineTextForm.pieceBytes - 1).count == 6)
        #expect(EngineTextForm.exact.form(of: [0xFF]) == [0xFF])
        #expect(EngineTextForm.json.prefix(of: [0xFF, 0x61, 0x62], formBytes: 4) == 2)
    }

    @Test func `lines that were taken are passed over, and the beginning of an open one`() {
        let expected = position(lines: 2, open: 3, recent: ["a", "b"])
        let (text, seeker) = rest(OutputSeeker(expected, lines: 2), ["a\n", "b\n", "name\n", "d\n"])
        #expect(text == "e\nd\n")
        #expect(seeker.proof == .matched)
    }

    @Test func `lines in pieces count once`() {
        let expected = position(lines: 1, recent: [])
        let (text, seeker) = rest(OutputSeeker(expected, lines: 1), ["a", "b\n", "c", "d\n"])
        #expect(text == "cd\n")
        #expect(seeker.proof == .none)
    }

    @Test func `a log whose beginning is gone is recognised`() {
        let expected = position(lines: 2, recent: ["a", "b"])
        #expect(rest(OutputSeeker(expected, lines: 2), ["c\n", "d\n", "e\n"]).seeker.proof == .failed)
        #expect(!rest(OutputSeeker(expected, lines: 2), ["c\n"]).seeker.hasArrived)
    }

    @Test func `the place is found by the last lines, and among equal ones by the time`() {
        var search = OutputSearch(position(lines: 100, recent: ["y", "x"], time: 20))
        for (text, time) in [("y", 1), ("x", 10), ("y", 11), ("x", 21), ("y", 22), ("x", 40)] {
            search.take(record(text + "\n", Int64(time)))
        }
        #expect(search.place == (4, true))
    }

    @Test func `equal lines of another time are others, and so are lines that differ inside`() {
        let hour: Int64 = 3_600_000_000_000
        var search = OutputSearch(position(lines: 100, recent: ["tick", "tick"], time: hour))
        for _ in 0..<4 { search.take(record("tick\n", 2 * hour)) }
        #expect(!search.place.isProven)
        let expected = position(lines: 2, recent: ["tick", "tick"], time: hour)
        var seeker = OutputSeeker(expected, lines: 2)
        for _ in 0..<2 { _ = seeker.take(record("tick\n", 2 * hour)) }
        #expect(seeker.proof == .failed)
        let pad = String(repeating: " ", count: 1000)
        #expect(LineMark(Array("1\(pad)".utf8)) != LineMark(Array("2\(pad)".utf8)))
    }

    @Test func `lines that an engine's log never got do not hide the place`() {
        var search = OutputSearch(position(lines: 100, recent: ["1", "2", "3", "4", "5"], time: 5))
        for (text, time) in [("1", 1), ("2", 2), ("3", 3), ("7", 7)] { search.take(record(text + "\n", Int64(time))) }
        #expect(search.place == (3, true))
    }

    @Test func `without a common line the time decides, which is no proof`() {
        var search = OutputSearch(position(lines: 100, recent: ["1", "2"], time: 5))
        for (text, time) in [("4", 4), ("6", 6)] { search.take(record(text + "\n", Int64(time))) }
        #expect(search.place == (1, false))
    }

    @Test func `a stream goes on where its first bytes are in the log`() {
        var mark = EngineLogMark()
        mark.note(record("a\n", 1))
        let records = [record("a\n", 1), record("b\n", 2), record("c\n", 3), record("d\n", 4)]
        let join = OutputJoin(records, after: mark, openToSkip: 0)
        #expect(
            join.find(Array("c\nd\n".utf8), form: .exact, since: 0) == .found(before: Array("b\n".utf8), dropped: 0))
        #expect(join.find(Array("e\n".utf8), form: .exact, since: 0) == .missing)
        #expect(join.find(Array("a\nb\nc\n".utf8), form: .exact, since: 0) == .found(before: [], dropped: 2))
    }

    @Test func `a stream that begins inside a line or a character is joined to what came before`() {
        let join = OutputJoin([record("grün\n", 1)], after: nil, openToSkip: 2)
        let found = join.find(Array(Array("ün\n".utf8).dropFirst()), form: .exact, since: 0)
        #expect(found == .found(before: [0xC3], dropped: 0))
    }

    @Test func `what may be at several places waits for more, and nothing is older than the stream`() {
        let records = [record("n 1\n", 1), record("n 2\n", 2), record("n 2\n", 3)]
        let join = OutputJoin(records, after: nil, openToSkip: 0)
        #expect(join.find(Array("n ".utf8), form: .exact, since: 0) == .undecided)
        #expect(join.find(Array("2\n".utf8), form: .exact, since: 0) == .undecided)
        #expect(
            join.find(Array("2\n".utf8), form: .exact, since: 3)
                == .found(before: Array("n 1\nn 2\nn ".utf8), dropped: 0))
        #expect(
            join.find(Array("2\nn 2\n".utf8), form: .exact, since: 0)
                == .found(before: Array("n 1\nn ".utf8), dropped: 0))
    }

    @Test func `records of one time are told apart by their number`() {
        var mark = EngineLogMark()
        mark.note(record("x\n", 1))
        mark.note(record("x\n", 2))
        mark.note(record("x\n", 2))
        let records = [record("x\n", 1), record("x\n", 2), record("x\n", 2), record("x\n", 2), record("y\n", 2)]
        let join = OutputJoin(records, after: mark, openToSkip: 0)
        #expect(join.find(Array("y\n".utf8), form: .exact, since: 0) == .found(before: Array("x\n".utf8), dropped: 0))
    }

    @Test func `what was taken is known after a restart, also when retention dropped its beginning`() async throws {
        try await withTemporaryDirectory { path in
            let queue = BlockingQueue(label: "test")
            let first = InstanceLog(directory: path, retentionBytes: 64 << 10, queue: queue, recovering: false)
            await first.append(["said by the agent"], phase: .lifecycle)
            let line = String(repeating: "x", count: 99)
            for number in 0..<2000 {
                await first.append(
                    output: [OutputChunk(stream: .stdout, bytes: Array("\(number) \(line)\n".utf8))], phase: .run)
            }
            await first.append(output: [OutputChunk(stream: .stderr, bytes: Array("grün: ".utf8))], phase: .run)
            let before = await first.outputPosition(form: .json)
            let second = InstanceLog(directory: path, retentionBytes: 64 << 10, queue: queue, recovering: true)
            let after = await second.outputPosition(form: .json)
            for position in [before, after] {
                #expect(position.stdout.lines == 2000)
                #expect(position.stdout.recent.count == OutputPosition.recentLines)
                #expect(position.stdout.recent.last == LineMark(Array("1999 \(line)".utf8)))
                #expect(position.stderr.lines == 0 && position.stderr.openBytes == 7)
            }
            await second.append(output: [OutputChunk(stream: .stderr, bytes: Array("ja\n".utf8))], phase: .run)
            #expect(await second.outputPosition(form: .json).stderr.lines == 1)
        }
    }

    @Test func `after a gap in the output nothing is counted on`() async throws {
        try await withTemporaryDirectory { path in
            let queue = BlockingQueue(label: "test")
            let log = InstanceLog(directory: path, retentionBytes: 64 << 20, queue: queue, recovering: false)
            await log.append(output: [OutputChunk(stream: .stdout, bytes: Array("a\nb".utf8))], phase: .run)
            await log.appendGap("lost")
            await log.append(output: [OutputChunk(stream: .stdout, bytes: Array("c\n".utf8))], phase: .run)
            let again = InstanceLog(directory: path, retentionBytes: 64 << 20, queue: queue, recovering: true)
            for position in [await log.outputPosition(form: .exact), await again.outputPosition(form: .exact)] {
                #expect(position.stdout.lines == nil)
                #expect(position.stdout.recent == [LineMark(Array("c".utf8))])
            }
        }
    }
}

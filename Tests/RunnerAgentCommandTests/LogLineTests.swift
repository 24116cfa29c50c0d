import RunnerProtocol
import Testing

@testable import runner_agent

@Suite struct LogLineTests {
    @Test func `a record is a line, and a partial one has no end`() {
        let whole: JSONValue = ["seq": 1, "stream": "stdout", "text": "ready"]
        let partial: JSONValue = ["seq": 2, "stream": "stderr", "text": "name? ", "partial": true]
        #expect(LogLine(whole).text(raw: false) == Array("ready\n".utf8))
        #expect(LogLine(whole).stream == .stdout)
        #expect(LogLine(partial).text(raw: false) == Array("name? ".utf8))
        #expect(LogLine(partial).stream == .stderr)
    }

    @Test func `bytes that are no text are exact when raw and replaced when not`() {
        for bytes: [UInt8] in [[], [0xFF], [0xFF, 0x00], [0xFE, 0xED, 0xFA], [0xFE, 0xED, 0xFA, 0xCE]] {
            var record = LogRecordMessage(
                seq: 1, time: WireTime(nanoseconds: 0), phase: .run, stream: .stdout, bytes: bytes + [0x80])
            record.isPartial = true
            var writer = JSONWriter()
            record.write(to: &writer)
            let line = try? LogLine(JSONReader.parse(writer.bytes))
            #expect(line?.text(raw: true) == bytes + [0x80])
            #expect(line.map { String(decoding: $0.text(raw: false), as: UTF8.self).contains("\u{FFFD}") } == true)
        }
    }

    @Test func `what the agent says is marked`() {
        let record: JSONValue = ["seq": 3, "stream": "agent", "text": "healthy\u{1B}[0m"]
        #expect(LogLine(record).text(raw: false) == Array("agent: healthy\n".utf8))
    }

    @Test func `a gap says what is missing`() {
        let gap: JSONValue = ["gap": ["from": 4, "to": 9, "reason": "retention"]]
        #expect(
            String(decoding: LogLine(gap).text(raw: false), as: UTF8.self)
                == "agent: records 4 to 9 are missing: retention\n")
    }
}

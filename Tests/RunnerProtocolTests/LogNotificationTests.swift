import Testing

@testable import RunnerProtocol

@Suite struct LogNotificationTests {
    private func record(_ seq: Int64, _ bytes: [UInt8]) -> LogRecordMessage {
        LogRecordMessage(
            seq: seq, time: WireTime(nanoseconds: 1_767_323_045_123_000_000), phase: .run, stream: .stdout, bytes: bytes
        )
    }

    private func text(_ message: some WireMessage) -> String {
        var writer = JSONWriter()
        message.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Encodes and parses back: the records and `lastSeq` of each line, and its length.
    private func lines(
        _ notification: LogNotification, _ records: [LogRecordMessage], lastSeq: Int64
    ) throws -> [(seqs: [Int64], lastSeq: Int64, bytes: Int)] {
        var writer = JSONWriter()
        writer.raw("{}")
        writer.newline()
        let count = notification.encode(records, lastSeq: lastSeq, into: &writer)
        let lines = writer.bytes.split(separator: UInt8(ascii: "\n")).dropFirst().map { Array($0) }
        #expect(lines.count == count)
        return try lines.map { line in
            let params = try #require(try JSONReader.parse(line)["params"])
            #expect(params["subscriptionId"] == "s")
            #expect(params["instanceId"] == "i")
            let records = try #require(params["records"]?.arrayValue)
            return (
                try records.map { try #require($0["seq"]?.intValue ?? $0["gap"]?["from"]?.intValue) },
                try #require(params["lastSeq"]?.intValue), line.count + 1
            )
        }
    }

    private let notification = LogNotification(subscriptionID: "s", instanceID: "i")

    @Test func `a record is text when it can be`() {
        #expect(
            text(record(7, Array("hé \"x\"".utf8)))
                == #"{"seq":7,"time":"2026-01-02T03:04:05.123Z","phase":"run","stream":"stdout","text":"hé \"x\""}"#)
        #expect(
            text(record(7, [0x61, 0xFF]))
                == #"{"seq":7,"time":"2026-01-02T03:04:05.123Z","phase":"run","stream":"stdout","base64":"Yf8="}"#)
        var partial = record(8, [])
        partial.isPartial = true
        partial.isTruncated = true
        partial.stream = .agent
        partial.phase = .lifecycle
        #expect(
            text(partial)
                == #"{"seq":8,"time":"2026-01-02T03:04:05.123Z","phase":"lifecycle","stream":"agent","text":"","partial":true,"truncated":true}"#
        )
        #expect(
            text(LogRecordMessage.gap(from: 3, to: 9, reason: "retention"))
                == #"{"gap":{"from":3,"to":9,"reason":"retention"}}"#)
    }

    @Test func `one line holds what fits`() throws {
        let packed = try lines(notification, (1...512).map { record($0, [0x61]) }, lastSeq: 600)
        #expect(packed.map(\.seqs) == [Array(1...512)])
        #expect(packed.map(\.lastSeq) == [600])
    }

    @Test func `the 513th record starts a line`() throws {
        let packed = try lines(notification, (1...1025).map { record($0, [0x61]) }, lastSeq: 1025)
        #expect(packed.map(\.seqs.count) == [512, 512, 1])
        #expect(packed.map(\.lastSeq) == [512, 1024, 1025])
    }

    @Test func `no records, no line`() {
        var writer = JSONWriter()
        #expect(notification.encode([], lastSeq: 5, into: &writer) == 0)
        #expect(writer.bytes.isEmpty)
    }

    @Test func `a line ends before the byte limit`() throws {
        let records = (1...40).map { record($0, [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)) }
        let packed = try lines(notification, records, lastSeq: 40)
        #expect(packed.flatMap(\.seqs) == Array(1...40))
        #expect(packed.allSatisfy { $0.bytes <= 1 << 20 })
        #expect(packed.map(\.seqs.count) == [10, 10, 10, 10])
    }

    @Test(arguments: 0..<200)
    func `no length of record breaks the byte limit`(extra: Int) throws {
        var small = notification
        small.maximumLineBytes = 1000
        let records = (1...6).map { record($0, [UInt8](repeating: UInt8(ascii: "\""), count: extra)) }
        let packed = try lines(small, records, lastSeq: 1 << 60)
        #expect(packed.flatMap(\.seqs) == Array(1...6))
        #expect(packed.allSatisfy { $0.bytes <= 1000 })
    }

    @Test func `a record over the limit has a line of its own`() throws {
        let big = record(2, [UInt8](repeating: 0, count: 256 << 10))
        let packed = try lines(notification, [record(1, [0x61]), big, record(3, [0x61])], lastSeq: 3)
        #expect(packed.map(\.seqs) == [[1], [2], [3]])
        #expect(packed.allSatisfy { $0.bytes <= 2 << 20 })
    }

    @Test func `a gap moves the resume point to its end`() throws {
        var short = notification
        short.maximumRecords = 1
        let gap = LogRecordMessage.gap(from: 1, to: 50, reason: "retention")
        let packed = try lines(short, [gap, record(51, [0x61])], lastSeq: 51)
        #expect(packed.map(\.seqs) == [[1], [51]])
        #expect(packed.map(\.lastSeq) == [50, 51])
    }

    @Test func `a page ends where a line must`() throws {
        let records = (1...40).map { record($0, [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)) }
        let page = LogsResult(records: records, nextSeq: 41, isTruncated: false)
        let value = try JSONReader.parse(Array(text(page).utf8))
        #expect(value["records"]?.arrayValue?.count == 10)
        #expect(value["nextSeq"] == 11)
        #expect(value["truncated"] == true)
        let whole = LogsResult(records: [record(1, [0x61])], nextSeq: 2, isTruncated: false)
        #expect(text(whole).hasSuffix(#"],"nextSeq":2,"truncated":false}"#))
    }

    @Test func `the answer of follow`() {
        #expect(
            text(LogsSubscriptionResult(subscriptionID: "s", firstSeq: 1, nextSeq: 9))
                == #"{"subscriptionId":"s","firstSeq":1,"nextSeq":9}"#)
    }
}

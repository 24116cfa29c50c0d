import Glibc
import NIOConcurrencyHelpers
import SystemPackage
import TestSupport
import Testing

@testable import RunnerCore

@Suite struct InstanceLogTests {
    private func log(_ directory: String, retention: Int64 = 64 << 20, recovering: Bool = false) -> InstanceLog {
        InstanceLog(
            directory: directory, retentionBytes: retention, queue: BlockingQueue(label: "test"), recovering: recovering
        )
    }

    private func read(_ log: InstanceLog, from seq: Int64 = 1, _ query: LogQuery = LogQuery()) -> [LogRecord] {
        var reader = LogReader(log: log, nextSeq: seq)
        defer { reader.close() }
        var records: [LogRecord] = []
        while true {
            let batch = reader.read(matching: query, maxRecords: 100, maxBytes: 1 << 20)
            if batch.isEmpty { return records }
            records += batch
        }
    }

    private func text(_ record: LogRecord) -> String { String(decoding: record.bytes, as: UTF8.self) }

    @Test func `numbers records from 1 without a hole and gives back the very bytes`() async throws {
        try await withTemporaryDirectory { path in
            let log = log(path + "/log")
            await log.append(["first", "second"], phase: .fetch)
            await log.append(
                output: [
                    OutputChunk(stream: .stdout, bytes: [0xFF, 0x00, 0x0A]),
                    OutputChunk(stream: .stderr, bytes: Array("err\n".utf8)),
                ], phase: .run)
            let records = read(log)
            #expect(records.map(\.seq) == [1, 2, 3, 4])
            #expect(records[2].bytes == [0xFF, 0x00])
            #expect(records.map(\.stream) == [.agent, .agent, .stdout, .stderr])
            #expect(records.map(\.phase) == [.fetch, .fetch, .run, .run])
        }
    }

    @Test func `a restarted agent goes on after the last whole record, wherever the file was torn`() async throws {
        try await withTemporaryDirectory { path in
            let whole = log(path + "/log")
            await whole.append(["one", "two", "three"], phase: .run)
            await whole.end(.ended)
            let segment = try #require(FileAccess.names(in: path + "/log").first)
            let file = path + "/log/" + segment
            let size = try #require(FileAccess.size(of: file))
            // "one" and "two" behind the mark at the segment's beginning.
            let markBytes = Int64(LogRecordCoding.headerBytes + OutputProgress.encodedBytes)
            let recordBytes = Int64(LogRecordCoding.headerBytes) + 3
            for cut in stride(from: size, through: 0, by: -1) {
                let descriptor = try FileDescriptor.open(FilePath(file), .writeOnly)
                try descriptor.resize(to: cut)
                try descriptor.close()
                let recovered = log(path + "/log", recovering: true)
                let expected: Int64 =
                    cut >= size ? 3 : cut >= markBytes + recordBytes * 2 ? 2 : cut >= markBytes + recordBytes ? 1 : 0
                if recovered.bounds.next != expected + 1 {
                    Issue.record("cut at \(cut): next is \(recovered.bounds.next)")
                }
            }
        }
    }

    @Test func `records appended after a restart follow the old ones`() async throws {
        try await withTemporaryDirectory { path in
            let first = log(path + "/log")
            await first.append(["one", "two"], phase: .run)
            let second = log(path + "/log", recovering: true)
            await second.append(["three"], phase: .run)
            #expect(read(second).map(text) == ["one", "two", "three"])
            #expect(read(second).map(\.seq) == [1, 2, 3])
        }
    }

    @Test func `retention drops the oldest and a late reader is told exactly what is missing`() async throws {
        try await withTemporaryDirectory { path in
            let log = log(path + "/log", retention: 64 << 10)
            let line = String(repeating: "x", count: 1000)
            for _ in 0..<20 { await log.append(Array(repeating: line, count: 10), phase: .run) }
            #expect(log.totalBytes <= 64 << 10)
            let records = read(log)
            let gap = try #require(records.first?.gap)
            #expect(gap.from == 1)
            #expect(records.dropFirst().first?.seq == gap.to + 1)
            #expect(records.last?.seq == 200)
            #expect(records.count == Int(200 - gap.to) + 1)
        }
    }

    @Test func `a log that cannot be written loses records by number and says which`() async throws {
        try await withTemporaryDirectory { path in
            // A file where the log's directory should be: every write fails, as on a full disk.
            try writeTextFile("", to: path + "/blocked")
            let log = log(path + "/blocked/log")
            await log.append(["lost 1", "lost 2"], phase: .run)
            let missing = read(log)
            #expect(
                missing.map(\.gap) == [LogRecord.Gap(from: 1, to: 2, reason: "the log could not be written to disk")])
            FileAccess.removeTree(path + "/blocked")
            await log.append(["kept"], phase: .run)
            let records = read(log)
            #expect(records.first?.gap?.from == 1 && records.first?.gap?.to == 2)
            #expect(records.last.map(text) == "kept" && records.last?.seq == 3)
        }
    }

    @Test func `a follower gets every record in order while they are written, then the end`() async throws {
        try await withTemporaryDirectory { path in
            let store = LogStore(directory: path, retentionBytes: 64 << 20)
            let log = store.create(InstanceID())
            let cursor = try await store.cursor(of: log, LogQuery())
            async let writing: Void = {
                for number in 0..<2000 { await log.append(["line \(number)"], phase: .run) }
                await log.end(.ended)
            }()
            var seqs: [Int64] = []
            while let batch = await cursor.next(maxRecords: 512, maxBytes: 64 << 10) {
                seqs += batch.records.map(\.seq)
                #expect(batch.lastSeq == seqs.last)
            }
            await writing
            #expect(seqs == Array(1...2000))
            #expect(cursor.endReason == .ended)
            #expect(cursor.nextSeq == 2001)
        }
    }

    @Test func `a cancelled cursor that waits ends as unsubscribed`() async throws {
        try await withTemporaryDirectory { path in
            let store = LogStore(directory: path, retentionBytes: 64 << 20)
            let cursor = try await store.cursor(of: store.create(InstanceID()), LogQuery())
            async let next = cursor.next(maxRecords: 1, maxBytes: 1)
            cursor.cancel()
            #expect(await next == nil)
            #expect(cursor.endReason == .unsubscribed)
        }
    }

    @Test func `a prompt without a newline reaches a follower by itself`() async throws {
        try await withTemporaryDirectory { path in
            let store = LogStore(directory: path, retentionBytes: 64 << 20)
            let log = store.create(InstanceID())
            let cursor = try await store.cursor(of: log, LogQuery())
            await log.append(output: [OutputChunk(stream: .stdout, bytes: Array("name: ".utf8))], phase: .run)
            let batch = try #require(await cursor.next(maxRecords: 10, maxBytes: 1000))
            #expect(batch.records.map(text) == ["name: "])
            #expect(batch.records.first?.partial == true)
        }
    }

    @Test func `pages are limited, say that there is more, and resume without repeating`() async throws {
        try await withTemporaryDirectory { path in
            let store = LogStore(directory: path, retentionBytes: 64 << 20)
            let log = store.create(InstanceID())
            await log.append((1...25).map { "line \($0)" }, phase: .run)
            var query = LogQuery()
            query.limit = 10
            var seen: [Int64] = []
            while true {
                let page = try await store.page(of: log, query)
                seen += page.records.map(\.seq)
                query.after = page.nextSeq - 1
                #expect(page.truncated == (seen.count < 25))
                if !page.truncated { break }
            }
            #expect(seen == Array(1...25))
        }
    }

    @Test func `tail counts the records that match`() async throws {
        try await withTemporaryDirectory { path in
            let store = LogStore(directory: path, retentionBytes: 64 << 20)
            let log = store.create(InstanceID())
            for number in 1...20 {
                await log.append(["out \(number)"], phase: .run, stream: .stdout)
                await log.append(["err \(number)"], phase: .run, stream: .stderr)
            }
            var query = LogQuery()
            query.tail = 3
            query.streams = [.stderr]
            let errors = try await store.page(of: log, query)
            #expect(errors.records.map(text) == ["err 18", "err 19", "err 20"])
            query.streams = nil
            let both = try await store.page(of: log, query)
            #expect(both.records.map(text) == ["err 19", "out 20", "err 20"])
        }
    }

    @Test(arguments: [Int64(1), 5, -1])
    func `a cursor past the newest record is refused`(after: Int64) async throws {
        try await withTemporaryDirectory { path in
            let store = LogStore(directory: path, retentionBytes: 64 << 20)
            var query = LogQuery()
            query.after = after
            let error = await #expect(throws: Failure.self) {
                try await store.page(of: store.create(InstanceID()), query)
            }
            #expect(error?.code == "LOG_CURSOR_INVALID")
        }
    }

    @Test func `nothing is written after the end, and what waited for its newline is`() async throws {
        try await withTemporaryDirectory { path in
            let log = log(path + "/log")
            await log.append(output: [OutputChunk(stream: .stdout, bytes: Array("last words".utf8))], phase: .run)
            await log.end(.ended)
            // A slow machine may have shown the words as a partial record before.
            #expect(read(log).map(text).joined() == "last words")
            #expect(read(log).last?.partial == false)
            let next = log.bounds.next
            FileAccess.removeTree(path + "/log")
            await log.append(["too late"], phase: .lifecycle)
            #expect(log.bounds.next == next)
            #expect(FileAccess.names(in: path) == [])
        }
    }

    @Test func `an agent that lets go of a container leaves its unfinished line open`() async throws {
        try await withTemporaryDirectory { path in
            let log = log(path + "/log")
            await log.append(output: [OutputChunk(stream: .stdout, bytes: Array("half".utf8))], phase: .run)
            await log.end(.shutdown)
            let records = read(log)
            #expect(records.map(text) == ["half"] && records.map(\.partial) == [true])
        }
    }

    @Test func `a disk that stays full costs no memory, and the file made when it has room again stays`() async throws {
        try await withTemporaryDirectory { path in
            // Every write to a segment fails with "no space left", its creation does not.
            let log = log(path + "/log", retention: 64 << 10)
            try FileAccess.makePrivateDirectory(path + "/log")
            let full = path + "/log/" + String(repeating: "0", count: 18) + "1.log"
            try #require(unsafe symlink("/dev/full", full) == 0)
            await log.append(["lost"], phase: .run)
            #expect(log.state.withLockedValue { $0.segments.count } == 0)
            let line = String(repeating: "x", count: 1000)
            for _ in 0..<20 { await log.append(Array(repeating: line, count: 10), phase: .run) }
            let records = read(log)
            #expect(records.last?.seq == 201)
            #expect(records.count { $0.gap != nil } == 1)
        }
    }

    @Test func `damage inside a file is a gap, and the reader goes on behind it`() async throws {
        try await withTemporaryDirectory { path in
            let first = log(path + "/log")
            await first.append(["one", "two", "three"], phase: .run)
            let segment = try #require(FileAccess.names(in: path + "/log").first)
            let second = log(path + "/log", recovering: true)
            await second.append(["four"], phase: .run)
            let third = log(path + "/log", recovering: true)
            let file = try FileDescriptor.open(FilePath(path + "/log/" + segment), .writeOnly)
            try file.resize(to: Int64(2 * LogRecordCoding.headerBytes + OutputProgress.encodedBytes) + 3)
            try file.close()
            let records = read(third)
            #expect(records.map(\.seq) == [1, 3, 4])
            #expect(records[1].gap.map { [$0.from, $0.to] } == [2, 3])
            #expect(records.last.map(text) == "four")
        }
    }
}

import Testing

@testable import DockerEngine

@Suite struct LogFrameParserTests {
    private static func frame(_ type: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        return [
            type, 0, 0, 0, UInt8(count >> 24 & 255), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255),
            UInt8(count & 255),
        ]
            + payload
    }

    /// What came on each stream, all of it.
    private static func streams(_ chunks: [LogChunk]) -> [LogChunk.Stream: String] {
        Dictionary(grouping: chunks, by: \.stream).mapValues { chunks in
            String(decoding: chunks.flatMap(\.bytes), as: UTF8.self)
        }
    }

    private static func parse(_ bytes: [UInt8], _ framing: LogFrameParser.Framing, size: Int) throws -> [LogChunk] {
        var parser = LogFrameParser(framing: framing)
        var chunks: [LogChunk] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            chunks += try parser.push(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(!parser.isInsideFrame)
        return chunks
    }

    @Test(arguments: Fixture.engineNames, [1, 3, 8, 9, 100_000])
    func `takes recorded output apart in any cut`(engine: String, size: Int) throws {
        let recorded = try Fixture.engine(engine)
        let bytes = Fixture.bytes(hex: try #require(recorded.logs["plain"]))
        let streams = Self.streams(try Self.parse(bytes, .multiplexed, size: size))
        #expect(streams == [.stdout: "out1\npartial\n", .stderr: "err1\n"])
        let attached = Self.streams(try Self.parse(Fixture.bytes(hex: recorded.attachHex), .multiplexed, size: size))
        #expect(attached[.stdout]?.isEmpty == false)
    }

    @Test(arguments: Fixture.engineNames, [1, 5, 100_000])
    func `hands out whole records with timestamps`(engine: String, size: Int) throws {
        let bytes = Fixture.bytes(hex: try #require(try Fixture.engine(engine).logs["timestamps"]))
        let chunks = try Self.parse(bytes, .records, size: size)
        #expect(chunks.count >= 3)
        for chunk in chunks {
            let space = try #require(chunk.bytes.firstIndex(of: UInt8(ascii: " ")))
            #expect(EngineTimestamp(rfc3339: chunk.bytes[..<space]) != nil)
        }
    }

    @Test func `passes a terminal's output through`() throws {
        let bytes = Fixture.bytes(hex: try #require(try Fixture.engine("d28").logs["tty"]))
        #expect(try Self.parse(bytes, .raw, size: 4).flatMap(\.bytes) == bytes)
    }

    @Test func `joins neighbours of one stream in a burst`() throws {
        var parser = LogFrameParser(framing: .multiplexed)
        let chunks = try parser.push(
            Self.frame(1, [1, 2]) + Self.frame(1, [3]) + Self.frame(2, [4]) + Self.frame(1, []) + Self.frame(1, [5]))
        #expect(
            chunks == [
                LogChunk(stream: .stdout, bytes: [1, 2, 3]), LogChunk(stream: .stderr, bytes: [4]),
                LogChunk(stream: .stdout, bytes: [5]),
            ])
    }

    @Test func `hands out the part of a large frame that is there`() throws {
        var parser = LogFrameParser(framing: .multiplexed)
        let payload = [UInt8](repeating: 7, count: 300_000)
        let bytes = Self.frame(1, payload)
        #expect(try parser.push(Array(bytes[..<1000])).flatMap(\.bytes).count == 992)
        #expect(parser.isInsideFrame)
        #expect(try parser.push(Array(bytes[1000...])).flatMap(\.bytes).count == 299_008)
        #expect(!parser.isInsideFrame)
    }

    @Test(arguments: [[9, 0, 0, 0, 0, 0, 0, 1], [1, 1, 0, 0, 0, 0, 0, 1]] as [[UInt8]])
    func `refuses a frame that is none`(header: [UInt8]) {
        var parser = LogFrameParser(framing: .multiplexed)
        #expect(throws: EngineError.self) { try parser.push(header) }
    }

    @Test func `refuses a record over the limit`() {
        var parser = LogFrameParser(framing: .records)
        #expect(throws: EngineError.self) { try parser.push([1, 0, 0, 0, 0x7f, 0, 0, 0]) }
    }
}

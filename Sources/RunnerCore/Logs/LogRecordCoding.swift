/// The on-disk form of a record: a 24-byte little-endian header, then the payload.
///
/// `payload length: u32, phase: u8, stream: u8, flags: u8, magic: u8, seq: i64, time: i64 (ns since 1970)`.
/// A gap's payload is `from (i64), reason (UTF-8)`; its `to` is its `seq`. A mark is no record of its own: it says how much
/// of the container's output was taken when it was written, with the `seq` of the record before it.
enum LogRecordCoding {
    static let headerBytes = 24
    static let magic: UInt8 = 0xA7
    /// No record we write is larger; a larger length in a file means the file is damaged.
    static let maxPayloadBytes = LineAssembler.splitBytes + 4096

    private static let partialFlag: UInt8 = 1
    private static let truncatedFlag: UInt8 = 2
    private static let gapFlag: UInt8 = 4
    private static let markFlag: UInt8 = 8

    static func append(_ record: LogRecord, to bytes: inout [UInt8]) {
        var payload = record.bytes
        var flags: UInt8 = (record.partial ? partialFlag : 0) | (record.truncated ? truncatedFlag : 0)
        if let gap = record.gap {
            flags |= gapFlag
            payload = []
            appendInteger(gap.from, to: &payload)
            payload += gap.reason.utf8.prefix(1024)
        }
        appendInteger(UInt32(payload.count), to: &bytes)
        bytes += [record.phase.rawValue, record.stream.rawValue, flags, magic]
        appendInteger(record.seq, to: &bytes)
        appendInteger(record.time.nanoseconds, to: &bytes)
        bytes += payload
    }

    static func append(_ mark: OutputProgress, after seq: Int64, to bytes: inout [UInt8]) {
        let payload = mark.encoded
        appendInteger(UInt32(payload.count), to: &bytes)
        bytes += [LogPhase.run.rawValue, LogSource.agent.rawValue, markFlag, magic]
        appendInteger(seq, to: &bytes)
        appendInteger(WallTime.now().nanoseconds, to: &bytes)
        bytes += payload
    }

    enum Outcome {
        case record(LogRecord, end: Int)
        case mark(OutputProgress, end: Int)
        /// The buffer ends before the record does.
        case incomplete(needed: Int)
        case damaged
    }

    static func decode(_ bytes: [UInt8], at offset: Int) -> Outcome {
        guard bytes.count - offset >= headerBytes else { return .incomplete(needed: headerBytes) }
        let length = Int(integer(bytes, at: offset, as: UInt32.self))
        guard bytes[offset + 7] == magic, length <= maxPayloadBytes, let phase = LogPhase(rawValue: bytes[offset + 4]),
            let stream = LogSource(rawValue: bytes[offset + 5])
        else { return .damaged }
        let end = offset + headerBytes + length
        guard end <= bytes.count else { return .incomplete(needed: headerBytes + length) }
        let flags = bytes[offset + 6]
        if flags & markFlag != 0 {
            guard let mark = OutputProgress(encoded: bytes[(offset + headerBytes)..<end]) else { return .damaged }
            return .mark(mark, end: end)
        }
        let seq = integer(bytes, at: offset + 8, as: Int64.self)
        let time = WallTime(nanoseconds: integer(bytes, at: offset + 16, as: Int64.self))
        let payload = offset + headerBytes
        var record = LogRecord(
            seq: seq, time: time, phase: phase, stream: stream, bytes: [], partial: flags & partialFlag != 0,
            truncated: flags & truncatedFlag != 0, gap: nil)
        if flags & gapFlag != 0 {
            guard length >= 8 else { return .damaged }
            let from = integer(bytes, at: payload, as: Int64.self)
            record.gap = .init(from: from, to: seq, reason: String(decoding: bytes[(payload + 8)..<end], as: UTF8.self))
        } else {
            record.bytes = Array(bytes[payload..<end])
        }
        return .record(record, end: end)
    }

    private static func appendInteger<Integer: FixedWidthInteger>(_ value: Integer, to bytes: inout [UInt8]) {
        var rest = value.littleEndian
        for _ in 0..<(Integer.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    private static func integer<Integer: FixedWidthInteger>(
        _ bytes: [UInt8], at offset: Int, as type: Integer.Type
    ) -> Integer {
        var value: Integer = 0
        for index in 0..<(Integer.bitWidth / 8) {
            value |= Integer(truncatingIfNeeded: bytes[offset + index]) << (8 * index)
        }
        return value
    }
}

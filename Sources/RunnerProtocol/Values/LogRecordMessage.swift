/// One log record, or a gap where records are missing.
package struct LogRecordMessage: WireMessage, Hashable {
    package enum Content: Sendable, Hashable {
        /// Sent as `text` when the bytes are valid UTF-8, else as `base64`. Has no newline at its end.
        case output([UInt8])
        /// Records `from` to `to` cannot be shown.
        case gap(to: Int64, reason: String)
    }

    /// The record's number; of a gap the first missing one.
    package var seq: Int64
    package var time: WireTime
    package var phase: WireLogPhase
    package var stream: WireLogStream
    package var content: Content
    /// The line has not ended: the next record of this stream continues it.
    package var isPartial = false
    /// The line was longer than is kept.
    package var isTruncated = false

    package init(seq: Int64, time: WireTime, phase: WireLogPhase, stream: WireLogStream, bytes: [UInt8]) {
        self.seq = seq
        self.time = time
        self.phase = phase
        self.stream = stream
        content = .output(bytes)
    }

    package static func gap(from: Int64, to: Int64, reason: String) -> LogRecordMessage {
        var record = LogRecordMessage(
            seq: from, time: WireTime(nanoseconds: 0), phase: .lifecycle, stream: .agent, bytes: [])
        record.content = .gap(to: to, reason: reason)
        return record
    }

    /// The last number the record stands for.
    var lastSeq: Int64 {
        guard case .gap(let to, _) = content else { return seq }
        return to
    }

    package func write(to writer: inout JSONWriter) {
        switch content {
        case .output(let bytes): writeOutput(bytes, to: &writer)
        case .gap(let to, let reason): writeGap(to: to, reason: reason, to: &writer)
        }
    }

    /// The names are written as raw text: this runs once per log line and subscriber.
    private func writeOutput(_ output: [UInt8], to writer: inout JSONWriter) {
        writer.raw(#"{"seq":"#)
        writer.int(seq)
        writer.raw(#""time":"#)
        time.write(to: &writer)
        writer.raw(#""phase":""#)
        writer.bytes.append(contentsOf: phase.rawValue.utf8)
        writer.bytes.append(contentsOf: #"","stream":""#.utf8)
        writer.bytes.append(contentsOf: stream.rawValue.utf8)
        writer.bytes.append(contentsOf: #"","text":"#.utf8)
        if !writer.stringBytes(output) {
            writer.bytes.removeLast(#""text":"#.utf8.count)
            writer.bytes.append(contentsOf: #""base64":"#.utf8)
            writer.base64(output)
        }
        if isPartial { writer.raw(#""partial":true"#) }
        if isTruncated { writer.raw(#""truncated":true"#) }
        writer.endObject()
    }

    private func writeGap(to last: Int64, reason: String, to writer: inout JSONWriter) {
        writer.raw(#"{"gap":{"from":"#)
        writer.int(seq)
        writer.raw(#""to":"#)
        writer.int(last)
        writer.member("reason", reason)
        writer.endObject()
        writer.endObject()
    }
}

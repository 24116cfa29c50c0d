/// `runner.log`: new records of one subscription, packed into as few lines as the limits allow.
package struct LogNotification: Sendable {
    package static let method = WireMethod.runnerLog

    package var subscriptionID: String
    package var instanceID: String
    package var maximumRecords = WireLimits.recordsPerNotification
    /// A line ends before this many bytes, unless its first record alone is longer.
    package var maximumLineBytes = WireLimits.outboundLineBytes

    package init(subscriptionID: String, instanceID: String) {
        self.subscriptionID = subscriptionID
        self.instanceID = instanceID
    }

    /// Writes the records as whole lines and answers how many lines that took; no records, no line.
    ///
    /// `lastSeq` is the resume point after all of them; it may lie past records that a filter left out.
    @discardableResult
    package func encode(_ records: [LogRecordMessage], lastSeq: Int64, into writer: inout JSONWriter) -> Int {
        guard let first = records.first else { return 0 }
        let prefix = linePrefix
        var lines = 1
        var lineStart = writer.bytes.count
        var recordsInLine = 0
        var resumePoint = first.seq
        writer.bytes.append(contentsOf: prefix)
        for record in records {
            if recordsInLine == maximumRecords {
                endLine(resumePoint, &writer)
                lineStart = writer.bytes.count
                lines += 1
                recordsInLine = 0
                writer.bytes.append(contentsOf: prefix)
            }
            let mark = writer.bytes.count
            record.write(to: &writer)
            if recordsInLine > 0, writer.bytes.count - lineStart + Self.suffixBytes > maximumLineBytes {
                let moved = Array(writer.bytes[(mark + 1)...])
                writer.bytes.removeSubrange(mark...)
                endLine(resumePoint, &writer)
                lineStart = writer.bytes.count
                lines += 1
                recordsInLine = 0
                writer.bytes.append(contentsOf: prefix)
                writer.bytes.append(contentsOf: moved)
            }
            recordsInLine += 1
            resumePoint = record.lastSeq
        }
        endLine(max(lastSeq, resumePoint), &writer)
        return lines
    }

    /// `],"lastSeq":`, at most 19 digits, `}}` and the newline.
    private static let suffixBytes = 34

    private var linePrefix: [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"jsonrpc":"2.0","method":"runner.log","params":{"subscriptionId":"#)
        writer.string(subscriptionID)
        writer.member("instanceId", instanceID)
        writer.key("records")
        writer.beginArray()
        return writer.bytes
    }

    private func endLine(_ lastSeq: Int64, _ writer: inout JSONWriter) {
        writer.endArray()
        writer.member("lastSeq", lastSeq)
        writer.endObject()
        writer.endObject()
        writer.newline()
    }
}

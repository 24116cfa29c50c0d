/// `runner.logs`: a page of records, or a subscription to them.
package struct LogsParams: WireParams, Hashable {
    package static let method = WireMethod.runnerLogs

    package var instanceID: String
    package var follow: Bool
    /// At most this many of the newest records.
    package var tail: Int?
    /// The last `seq` the client has seen.
    package var after: Int64?
    package var since: WireTime?
    package var until: WireTime?
    /// Nil means every stream.
    package var streams: [WireLogStream]?
    /// Nil means every phase.
    package var phases: [WireLogPhase]?
    package var limit: Int?

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(
            params,
            positional: ["instanceId", "follow", "tail", "after", "since", "until", "streams", "phases", "limit"])
        instanceID = try reader.requiredString("instanceId")
        follow = try reader.bool("follow") ?? false
        tail = try reader.int("tail", in: 0...Int.max)
        after = try reader.int("after", in: 0...Int.max).map(Int64.init)
        since = try reader.time("since")
        until = try reader.time("until")
        streams = try reader.choices("streams", as: WireLogStream.self)
        phases = try reader.choices("phases", as: WireLogPhase.self)
        limit = try reader.int("limit", in: 1...WireLimits.logPageRecords)
    }
}

/// The answer without `follow`: as many records as one line may hold.
package struct LogsResult: WireMessage, Hashable {
    package var records: [LogRecordMessage]
    /// The number the next record has, or of the first one left out.
    package var nextSeq: Int64
    /// More records match than are here.
    package var isTruncated: Bool
    package var maximumBytes = WireLimits.outboundLineBytes

    package init(records: [LogRecordMessage], nextSeq: Int64, isTruncated: Bool) {
        self.records = records
        self.nextSeq = nextSeq
        self.isTruncated = isTruncated
    }

    package func write(to writer: inout JSONWriter) {
        let start = writer.bytes.count
        var firstLeftOut: Int64?
        writer.beginObject()
        writer.key("records")
        writer.beginArray()
        for (index, record) in records.enumerated() {
            let mark = writer.bytes.count
            record.write(to: &writer)
            guard index > 0, writer.bytes.count - start + Self.reservedBytes > maximumBytes else { continue }
            writer.bytes.removeSubrange(mark...)
            firstLeftOut = record.seq
            break
        }
        writer.endArray()
        writer.member("nextSeq", firstLeftOut ?? nextSeq)
        writer.member("truncated", isTruncated || firstLeftOut != nil)
        writer.endObject()
    }

    /// For what follows the records, and for the envelope with the longest id.
    private static let reservedBytes = 128 + WireLimits.idBytes
}

/// The answer with `follow`; the records come as `runner.log`.
package struct LogsSubscriptionResult: WireMessage, Hashable {
    package var subscriptionID: String
    /// The number of the first record that will be sent.
    package var firstSeq: Int64
    /// The number the next new record will have.
    package var nextSeq: Int64

    package init(subscriptionID: String, firstSeq: Int64, nextSeq: Int64) {
        self.subscriptionID = subscriptionID
        self.firstSeq = firstSeq
        self.nextSeq = nextSeq
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("subscriptionId", subscriptionID)
        writer.member("firstSeq", firstSeq)
        writer.member("nextSeq", nextSeq)
        writer.endObject()
    }
}

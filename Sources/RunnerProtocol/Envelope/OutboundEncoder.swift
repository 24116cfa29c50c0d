/// Writes the answer of a request that succeeded, as one line.
package func encodeResult(_ id: RequestID, into writer: inout JSONWriter, body: (inout JSONWriter) -> Void) {
    writer.raw(#"{"jsonrpc":"2.0","id":"#)
    id.write(to: &writer)
    writer.key("result")
    body(&writer)
    writer.endObject()
    writer.newline()
}

/// Writes the answer of a request that succeeded, as one line.
package func encodeResult(_ id: RequestID, _ result: some WireMessage, into writer: inout JSONWriter) {
    encodeResult(id, into: &writer) { result.write(to: &$0) }
}

/// Writes the answer of a request that failed, as one line.
package func encodeError(_ id: RequestID, _ error: ResponseError, into writer: inout JSONWriter) {
    writer.raw(#"{"jsonrpc":"2.0","id":"#)
    id.write(to: &writer)
    writer.key("error")
    error.write(to: &writer)
    writer.endObject()
    writer.newline()
}

/// Writes a notification, as one line.
package func encodeNotification(_ method: WireMethod, into writer: inout JSONWriter, body: (inout JSONWriter) -> Void) {
    writer.raw(#"{"jsonrpc":"2.0","method":"#)
    writer.string(method.name)
    writer.key("params")
    body(&writer)
    writer.endObject()
    writer.newline()
}

/// Writes a notification, as one line.
package func encodeNotification<Notification: WireNotification>(
    _ notification: Notification, into writer: inout JSONWriter
) {
    encodeNotification(Notification.method, into: &writer) { notification.write(to: &$0) }
}

/// Joins the answers of a batch, each a line by the functions above, into one line; writes nothing when there is none.
package func encodeBatch(_ answers: [[UInt8]], into writer: inout JSONWriter) {
    guard !answers.isEmpty else { return }
    writer.beginArray()
    for answer in answers {
        writer.separate()
        writer.bytes.append(contentsOf: answer.last == ASCII.newline ? answer.dropLast() : answer[...])
    }
    writer.endArray()
    writer.newline()
}

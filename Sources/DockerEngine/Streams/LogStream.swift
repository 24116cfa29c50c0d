import HTTPTransport

/// A container's output while it is read: each element is what one read brought.
///
/// One consumer. Ends when the engine ends it: for an attached or followed container that is when it stops, but an engine
/// that shuts down looks the same, so the container must be inspected after the end. Throws `EngineError` of kind
/// `streamEnded` when it breaks off. Dropping the stream closes its connection.
package struct LogStream: AsyncSequence, Sendable {
    package typealias Element = [LogChunk]

    let body: HTTPResponseBody
    let framing: LogFrameParser.Framing
    let client: EngineClient

    package func makeAsyncIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator(), parser: LogFrameParser(framing: framing), client: client)
    }

    package struct Iterator: AsyncIteratorProtocol {
        var body: HTTPResponseBody.AsyncIterator
        var parser: LogFrameParser
        let client: EngineClient

        package mutating func next() async throws -> [LogChunk]? {
            do {
                while let bytes = try await body.next() {
                    let chunks = try parser.push(bytes)
                    if !chunks.isEmpty { return chunks }
                }
            } catch {
                throw client.failure(error, streaming: true)
            }
            guard !parser.isInsideFrame else {
                throw EngineError.streamEnded("the engine's log stream ended inside a frame")
            }
            return nil
        }
    }
}

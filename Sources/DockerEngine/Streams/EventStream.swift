import HTTPTransport

/// The engine's events as they happen.
///
/// One consumer. Never ends by itself while the engine lives: an end means the engine went away, and throws
/// `EngineError` of kind `streamEnded`. The engine remembers only its last 256 events, and none over a restart; after a
/// break, subscribe again first and then list. Dropping the stream closes its connection.
package struct EventStream: AsyncSequence, Sendable {
    package typealias Element = EngineEvent

    let body: HTTPResponseBody
    let client: EngineClient

    package func makeAsyncIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator(), client: client)
    }

    package struct Iterator: AsyncIteratorProtocol {
        var body: HTTPResponseBody.AsyncIterator
        var splitter = JSONObjectSplitter()
        var waiting: [EngineEvent] = []
        let client: EngineClient

        init(body: HTTPResponseBody.AsyncIterator, client: EngineClient) {
            self.body = body
            self.client = client
        }

        package mutating func next() async throws -> EngineEvent? {
            do {
                while waiting.isEmpty {
                    guard let bytes = try await body.next() else {
                        client.forgetVersion()
                        throw EngineError.streamEnded("the engine ended its event stream")
                    }
                    waiting = try splitter.push(bytes).compactMap { try EngineEvent(json: $0) }.reversed()
                }
            } catch {
                throw client.failure(error, streaming: true)
            }
            return waiting.popLast()
        }
    }
}

import HTTPTransport

/// A build: it starts when the first event is asked for, and is cancelled when the stream or its task is dropped.
///
/// One consumer. Ends after `BuildEvent.imageID`, or throws `BuildFailure` (the engine refused or failed the build) or
/// `EngineError` (the engine went away). The context's pipe is aborted when the build ends for any reason, so that its
/// writer never hangs. Cancelling kills the running step on Docker; on Podman the step runs to its end.
package struct BuildStream: AsyncSequence, Sendable {
    package typealias Element = BuildEvent

    let client: EngineClient
    let request: BuildRequest
    let context: HTTPBodyPipe

    package func makeAsyncIterator() -> Iterator {
        Iterator(build: self)
    }

    package struct Iterator: AsyncIteratorProtocol {
        private enum Progress {
            case waiting
            case reading(HTTPResponseBody.AsyncIterator, BuildStreamDecoder)
            case ended
        }

        private let build: BuildStream
        private var progress = Progress.waiting
        /// The next event last.
        private var events: [BuildEvent] = []

        init(build: BuildStream) {
            self.build = build
        }

        package mutating func next() async throws -> BuildEvent? {
            do {
                while events.isEmpty {
                    guard try await advance() else { return nil }
                }
                return events.popLast()
            } catch {
                progress = .ended
                build.context.abort()
                throw error
            }
        }

        /// Starts the build or reads on; false after the end.
        private mutating func advance() async throws -> Bool {
            switch progress {
            case .waiting:
                let (body, kind) = try await build.client.beginBuild(build.request, context: build.context)
                progress = .reading(body.makeAsyncIterator(), BuildStreamDecoder(kind: kind))
            case .reading(var body, var decoder):
                let bytes: [UInt8]?
                do {
                    bytes = try await body.next()
                } catch {
                    // The engine has said why before it broke off.
                    throw decoder.failed ?? build.client.failure(error, streaming: true)
                }
                if let bytes {
                    events = try decoder.push(bytes).reversed()
                    progress = .reading(body, decoder)
                } else {
                    progress = .ended
                    build.context.abort()
                    events = try decoder.finish().reversed()
                }
            case .ended:
                return false
            }
            return true
        }
    }
}

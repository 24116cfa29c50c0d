/// Some bytes of a container's output, as they came: no lines, no characters.
package struct LogChunk: Sendable, Hashable {
    package enum Stream: Sendable, Hashable {
        case stdout
        case stderr
    }

    package let stream: Stream
    package let bytes: [UInt8]

    package init(stream: Stream, bytes: [UInt8]) {
        self.stream = stream
        self.bytes = bytes
    }
}

/// Takes apart the engine's multiplexed output: frames of an 8-byte header (stream, three zeros, length in big endian)
/// and that many bytes, cut anywhere.
///
/// Whether the output is multiplexed depends on the container's terminal alone; no version's content type tells it
/// reliably. The format: <https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerAttach>.
package struct LogFrameParser: Sendable {
    package enum Framing: Sendable, Hashable {
        /// A container with a terminal: no frames, all of it stdout.
        case raw
        /// Frames whose borders mean nothing: their bytes are handed out at once, and neighbours of one stream joined.
        case multiplexed
        /// Frames that are records, each with a timestamp in front: one chunk for each whole frame.
        case records
    }

    /// The largest record; engines cut at 16 KiB (Docker) and 8 KiB (Podman) plus the timestamp.
    static let maxRecordBytes = 1 << 20
    private static let headerBytes = 8

    private let framing: Framing
    /// The beginning of a header, or in `records` of a record, that the last buffer ended in.
    private var partial: [UInt8] = []
    private var stream = LogChunk.Stream.stdout
    /// Bytes of the current frame still to come.
    private var remaining = 0

    package init(framing: Framing) {
        self.framing = framing
    }

    /// Whether the bytes so far end inside a frame.
    package var isInsideFrame: Bool { remaining > 0 || !partial.isEmpty }

    /// Takes the next bytes and returns what they hold, in order.
    package mutating func push(_ bytes: [UInt8]) throws(EngineError) -> [LogChunk] {
        guard framing != .raw else { return bytes.isEmpty ? [] : [LogChunk(stream: .stdout, bytes: bytes)] }
        var chunks: [LogChunk] = []
        var run = Run(capacity: bytes.count)
        var position = 0
        while position < bytes.count {
            if remaining == 0 {
                guard try readHeader(bytes, &position) else { break }
                if framing == .records, remaining == 0 { chunks.append(LogChunk(stream: stream, bytes: [])) }
                continue
            }
            let taken = min(remaining, bytes.count - position)
            remaining -= taken
            let piece = bytes[position..<(position + taken)]
            position += taken
            switch framing {
            case .raw: break
            case .multiplexed: run.append(piece, to: stream, flushingInto: &chunks)
            case .records:
                partial += piece
                if remaining == 0 {
                    chunks.append(LogChunk(stream: stream, bytes: partial))
                    partial = []
                }
            }
        }
        run.flush(into: &chunks)
        return chunks
    }

    /// Reads a header, or as much of it as there is; true when it is whole.
    private mutating func readHeader(_ bytes: [UInt8], _ position: inout Int) throws(EngineError) -> Bool {
        let taken = min(Self.headerBytes - partial.count, bytes.count - position)
        partial += bytes[position..<(position + taken)]
        position += taken
        guard partial.count == Self.headerBytes else { return false }
        let header = partial
        partial.removeAll(keepingCapacity: true)
        // 0 is stdin, which engines write as stdout; 3 carries the engine's own error about the stream.
        switch header[0] {
        case 0, 1: stream = .stdout
        case 2, 3: stream = .stderr
        default: throw .badAnswer("the engine's log stream has a frame of unknown type \(header[0])")
        }
        guard header[1...3].allSatisfy({ $0 == 0 }) else {
            throw .badAnswer("the engine's log stream has a malformed frame")
        }
        remaining = header[4...].reduce(0) { $0 << 8 | Int($1) }
        guard framing != .records || remaining <= Self.maxRecordBytes else {
            throw .badAnswer("the engine's log stream has a record of \(remaining) bytes")
        }
        return true
    }

    /// Neighbouring frames of one stream, copied once into one buffer.
    private struct Run {
        let capacity: Int
        var stream = LogChunk.Stream.stdout
        var bytes: [UInt8] = []

        init(capacity: Int) {
            self.capacity = capacity
        }

        mutating func append(
            _ piece: ArraySlice<UInt8>, to next: LogChunk.Stream, flushingInto chunks: inout [LogChunk]
        ) {
            if next != stream { flush(into: &chunks) }
            stream = next
            if bytes.isEmpty, capacity > 2 * piece.count { bytes.reserveCapacity(min(capacity, 64 << 10)) }
            bytes += piece
        }

        mutating func flush(into chunks: inout [LogChunk]) {
            guard !bytes.isEmpty else { return }
            chunks.append(LogChunk(stream: stream, bytes: bytes))
            bytes = []
        }
    }
}

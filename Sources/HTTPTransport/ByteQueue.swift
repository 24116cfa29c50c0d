/// Bytes in arrival order, kept in the arrays they came in.
struct ByteQueue: Sendable {
    private(set) var count = 0
    private var chunks: [[UInt8]] = []
    private var firstChunk = 0
    private var firstByte = 0

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        chunks.append(bytes)
        count += bytes.count
    }

    /// Moves as many bytes as fit and returns their number.
    mutating func move(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while firstChunk < chunks.count, filled < buffer.count {
            let chunk = chunks[firstChunk]
            let length = min(chunk.count - firstByte, buffer.count - filled)
            unsafe chunk.withUnsafeBytes { bytes in
                let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[firstByte..<firstByte + length])
                unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: part)
            }
            filled += length
            firstByte += length
            if firstByte == chunk.count {
                chunks[firstChunk] = []
                firstChunk += 1
                firstByte = 0
            }
        }
        count -= filled
        dropMovedChunks()
        return filled
    }

    private mutating func dropMovedChunks() {
        guard firstChunk == chunks.count || firstChunk >= 64 else { return }
        chunks.removeFirst(firstChunk)
        firstChunk = 0
    }
}

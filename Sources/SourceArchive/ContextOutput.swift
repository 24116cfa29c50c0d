/// Gathers a tar into pieces of 256 KiB and hands them to the sink.
struct ContextOutput {
    private static let chunkBytes = 256 << 10
    private static let zeros = [UInt8](repeating: 0, count: 2 * TarHeader.blockBytes)

    private let expectedDigest: String?
    private var digest: ContextDigest?
    private let sink: ([UInt8]) throws -> Void
    private var chunk: [UInt8] = []
    private var flushedBytes: Int64 = 0
    /// What the sink threw; nothing is handed to it afterwards.
    private(set) var sinkError: (any Error)?

    /// - Parameter expectedDigest: the last piece is handed out only if this is the digest of all.
    init(expectedDigest: String? = nil, sink: @escaping ([UInt8]) throws -> Void) {
        self.expectedDigest = expectedDigest
        self.digest = expectedDigest.map { _ in ContextDigest() }
        self.sink = sink
        chunk.reserveCapacity(Self.chunkBytes)
    }

    var bytes: Int64 { flushedBytes + Int64(chunk.count) }

    mutating func append(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) {
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.prefix(Self.chunkBytes - chunk.count)
            chunk.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
            if chunk.count == Self.chunkBytes { try flush() }
        }
    }

    mutating func append(_ bytes: [UInt8]) throws(ArchiveError) {
        try append(bytes[...])
    }

    /// Fills the last block of a file of `size` bytes.
    mutating func pad(after size: Int64) throws(ArchiveError) {
        try append(Self.zeros[..<paddingBytes(after: size)])
    }

    /// Writes the two zero blocks that end a tar, and hands out the rest.
    mutating func finish() throws(ArchiveError) {
        try append(Self.zeros)
        digest?.update(chunk)
        guard digest?.finish() == expectedDigest else {
            throw ArchiveError(.changed, "the source changed after it was read for the first time")
        }
        digest = nil
        try flush()
    }

    private mutating func flush() throws(ArchiveError) {
        guard !chunk.isEmpty else { return }
        digest?.update(chunk)
        flushedBytes += Int64(chunk.count)
        var full: [UInt8] = []
        full.reserveCapacity(Self.chunkBytes)
        swap(&full, &chunk)
        do {
            try sink(full)
        } catch {
            sinkError = error
            throw ArchiveError(.io, "the build context could not be passed on")
        }
    }
}

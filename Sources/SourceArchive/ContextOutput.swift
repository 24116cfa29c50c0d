internal import Crypto

/// Gathers a tar into pieces of about 256 KiB, hashes them and hands them to the sink.
struct ContextOutput {
    private static let chunkBytes = 256 << 10

    private let sink: ([UInt8]) throws -> Void
    private var chunk: [UInt8] = []
    private var hash = SHA256()
    private var flushedBytes: Int64 = 0
    /// What the sink threw; nothing is handed to it afterwards.
    private(set) var sinkError: (any Error)?

    init(sink: @escaping ([UInt8]) throws -> Void) {
        self.sink = sink
        chunk.reserveCapacity(Self.chunkBytes)
    }

    var bytes: Int64 { flushedBytes + Int64(chunk.count) }

    mutating func append(_ bytes: some RandomAccessCollection<UInt8>) throws(ArchiveError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.chunkBytes - chunk.count)
            chunk.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
            if chunk.count == Self.chunkBytes { try flush() }
        }
    }

    /// Hands out the rest and returns the digest.
    mutating func finish() throws(ArchiveError) -> String {
        try flush()
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private mutating func flush() throws(ArchiveError) {
        guard !chunk.isEmpty else { return }
        hash.update(data: chunk)
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

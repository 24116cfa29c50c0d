@testable import SourceArchive

/// What must hold of any bytes that claim to be an archive; checked by the saved corpus and, on bytes nobody wrote, by
/// the fuzz target.
enum ArchiveProperties {
    /// The first rule that `bytes` break, as a tar and as a gzip file: cut into chunks anywhere, they must give the same.
    static func violation(of bytes: [UInt8]) -> String? {
        guard TarOutcome(of: bytes, chunk: nil) == TarOutcome(of: bytes, chunk: 61) else {
            return "a tar reads the same in chunks"
        }
        let whole = GzipOutcome(of: bytes, chunk: nil, room: 64 << 10)
        let cut = GzipOutcome(of: bytes, chunk: 7, room: 100)
        // A file that is damaged and too large as well may be refused for either.
        guard whole.bytes == cut.bytes, (whole.error == nil) == (cut.error == nil) else {
            return "a gzip file reads the same in chunks: \(whole.error ?? "accepted"); \(cut.error ?? "accepted")"
        }
        guard whole.bytes.count <= Int(limits.expandedBytes) + (64 << 10) else {
            return "no more is inflated than allowed"
        }
        // What was inside goes on to the next stage, as it does for real.
        if whole.error == nil, TarOutcome(of: whole.bytes, chunk: nil) != TarOutcome(of: whole.bytes, chunk: 512) {
            return "an inflated tar reads the same in chunks"
        }
        return nil
    }
}

private let limits: ArchiveLimits = {
    var limits = ArchiveLimits.standard
    limits.expandedBytes = 1 << 20
    limits.metaBytes = 1 << 10
    return limits
}()

private struct TarOutcome: Equatable {
    var members: [TarMember] = []
    var ends = 0
    var data: [UInt8] = []
    var comment: [UInt8]?
    var error: String?

    init(of bytes: [UInt8], chunk: Int?) {
        var lexer = TarLexer(limits: limits)
        var cuts = chunk.map { Cuts(of: bytes, longest: $0) }
        var rest = bytes[...]
        do throws(ArchiveError) {
            while !rest.isEmpty {
                let window = rest.prefix(cuts?.next() ?? rest.count)
                rest = rest.dropFirst(window.count)
                var offset = window.startIndex
                reading: while true {
                    switch try lexer.next(in: window, at: &offset) {
                    case .needsInput: break reading
                    case .member(let member): members.append(member)
                    case .data(let range): data += window[range]
                    case .endOfMember: ends += 1
                    }
                }
            }
            try lexer.finish()
        } catch {
            self.error = error.message
        }
        comment = lexer.comment
    }
}

private struct GzipOutcome {
    var bytes: [UInt8] = []
    var error: String?

    init(of bytes: [UInt8], chunk: Int?, room: Int) {
        var cuts = chunk.map { Cuts(of: bytes, longest: $0) }
        var rest = bytes[...]
        var output = [UInt8](repeating: 0, count: room)
        do throws(ArchiveError) {
            var inflater = try GzipInflater(limits: limits)
            while !rest.isEmpty {
                let window = rest.prefix(cuts?.next() ?? rest.count)
                rest = rest.dropFirst(window.count)
                var offset = window.startIndex
                while true {
                    var count = 0
                    try inflater.inflate(window, at: &offset, into: &output, at: &count)
                    self.bytes += output.prefix(count)
                    if count < room { break }
                }
            }
            try inflater.finish()
        } catch {
            // How far an invalid file gets before it is refused depends on the room there is.
            self.bytes = []
            self.error = error.message
        }
    }
}

/// Lengths of chunks from 1 to `longest`, by a generator seeded with the content: a saved input is cut the same again.
private struct Cuts {
    private let longest: Int
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    init(of bytes: [UInt8], longest: Int) {
        self.longest = longest
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return 1 + Int(state >> 33) % longest
    }
}

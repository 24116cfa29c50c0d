@testable import SourceArchive

/// The bytes as a tar and as a gzip file: cut into chunks anywhere, they must give the same, within the limits.
func violation(of bytes: [UInt8]) -> String? {
    guard tarOutcome(bytes, chunk: nil) == tarOutcome(bytes, chunk: 61) else { return "a tar reads the same in chunks" }
    let whole = gzipOutcome(bytes, chunk: nil, room: 64 << 10)
    let cut = gzipOutcome(bytes, chunk: 7, room: 100)
    // A file that is damaged and too large as well may be refused for either.
    guard whole.bytes == cut.bytes, (whole.error == nil) == (cut.error == nil) else {
        return "a gzip file reads the same in chunks: \(whole.error ?? "accepted"); \(cut.error ?? "accepted")"
    }
    guard whole.bytes.count <= Int(limits.expandedBytes) + (64 << 10) else { return "no more is inflated than allowed" }
    // What was inside goes on to the next stage, as it does for real.
    if whole.error == nil, tarOutcome(whole.bytes, chunk: nil) != tarOutcome(whole.bytes, chunk: 512) {
        return "an inflated tar reads the same in chunks"
    }
    return nil
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
}

private func tarOutcome(_ bytes: [UInt8], chunk: Int?) -> TarOutcome {
    var lexer = TarLexer(limits: limits)
    var outcome = TarOutcome()
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
                case .member(let member): outcome.members.append(member)
                case .data(let range): outcome.data += window[range]
                case .endOfMember: outcome.ends += 1
                }
            }
        }
        try lexer.finish()
    } catch {
        outcome.error = error.message
    }
    outcome.comment = lexer.comment
    return outcome
}

private struct GzipOutcome {
    var bytes: [UInt8] = []
    var error: String?
}

private func gzipOutcome(_ bytes: [UInt8], chunk: Int?, room: Int) -> GzipOutcome {
    var outcome = GzipOutcome()
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
                let count = try inflater.inflate(window, at: &offset, into: &output)
                outcome.bytes += output.prefix(count)
                if count < room { break }
            }
        }
        try inflater.finish()
    } catch {
        // How far an invalid file gets before it is refused depends on the room there is.
        return GzipOutcome(error: error.message)
    }
    return outcome
}

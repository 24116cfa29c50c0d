internal import NIOConcurrencyHelpers
internal import RunnerProtocol

/// The requests a forwarder has passed on and seen no answer to, by the source text of their ids.
///
/// Answers are recognised by the way our own agent begins its lines, so that a flood of log records is not parsed.
final class PendingIDs: Sendable {
    private static let answerStart = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
    private let counts = NIOLockedValueBox<[[UInt8]: Int]>([:])

    func noteRequests(in line: [UInt8]) {
        let items: [InboundItem]
        switch decodeInbound(line) {
        case .single(let item): items = [item]
        case .batch(let batch): items = batch
        }
        counts.withLockedValue { counts in
            for item in items {
                guard case .call(let call) = item, let id = call.id else { continue }
                counts[id.raw, default: 0] += 1
            }
        }
    }

    /// An answer of the agent, or an array of them.
    func noteAnswers(in line: ArraySlice<UInt8>) {
        if line.first == UInt8(ascii: "[") {
            guard let members = try? JSONReader.parse(Array(line)).arrayValue else { return }
            for member in members { noteAnswers(in: member.serialized[...]) }
            return
        }
        guard line.starts(with: Self.answerStart) else { return }
        let rest = line.dropFirst(Self.answerStart.count)
        var end = rest.startIndex
        var isInString = false
        while end < rest.endIndex {
            let byte = rest[end]
            if byte == UInt8(ascii: "\\") {
                end += 1
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if byte == UInt8(ascii: ","), !isInString {
                break
            }
            end += 1
        }
        let id = Array(rest[..<min(end, rest.endIndex)])
        counts.withLockedValue { counts in
            guard let count = counts[id] else { return }
            counts[id] = count > 1 ? count - 1 : nil
        }
    }

    /// Answer lines for what was never answered, because the agent is gone.
    func takeFailures() -> [UInt8] {
        let left = counts.withLockedValue { counts in
            defer { counts = [:] }
            return counts
        }
        var writer = JSONWriter()
        for (id, count) in left {
            guard let value = try? JSONReader.parse(id), let requestID = RequestID(value) else { continue }
            for _ in 0..<count { encodeError(requestID, .shuttingDown, into: &writer) }
        }
        return writer.bytes
    }
}

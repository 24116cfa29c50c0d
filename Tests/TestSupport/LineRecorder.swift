import Glibc
import NIOConcurrencyHelpers
import SystemPackage

/// Appends the lines of one conversation with an agent to the file that `RUNNER_AGENT_RECORD_LINES` names.
///
/// `Tests/support/validate-lines` then checks every line of the agent against the schemas. A recorded line is the number of the
/// conversation, `>` for the client or `<` for the agent, and the line itself, byte for byte.
package final class LineRecorder: Sendable {
    private enum Direction: String {
        case sent = ">"
        case received = "<"
    }

    private struct State {
        var sent = PartialLine()
        var received = PartialLine()
    }

    /// A longer line of a test's is no request that gets a result; it is left out.
    private static let longestSentLine = 5 << 20
    private static let file = environmentVariable("RUNNER_AGENT_RECORD_LINES")
    private static let nextConversation = NIOLockedValueBox(1)

    private let descriptor: FileDescriptor
    private let conversation: Int
    private let state = NIOLockedValueBox(State())

    /// Nil when nothing shall be recorded.
    package init?() {
        guard let file = Self.file else { return nil }
        do {
            descriptor = try FileDescriptor.open(
                FilePath(file), .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
        } catch {
            preconditionFailure("RUNNER_AGENT_RECORD_LINES cannot be written: \(error)")
        }
        conversation = Self.nextConversation.withLockedValue { next in
            defer { next += 1 }
            return next
        }
    }

    deinit {
        try? descriptor.close()
    }

    /// Bytes that are about to be sent: an answer is never recorded before its request.
    package func recordSent(_ bytes: [UInt8]) {
        state.withLockedValue { state in
            for line in state.sent.append(bytes, limit: Self.longestSentLine) { write(.sent, line) }
        }
    }

    package func recordReceived(_ bytes: [UInt8]) {
        state.withLockedValue { state in
            for line in state.received.append(bytes, limit: .max) { write(.received, line) }
        }
    }

    /// No byte is sent any more, which ends the last line.
    package func recordSentEnd() { recordSent([UInt8(ascii: "\n")]) }

    /// One write for a line: those of other conversations and processes do not get in between.
    private func write(_ direction: Direction, _ line: [UInt8]) {
        let prefix = Array("\(getpid()).\(conversation) \(direction.rawValue) ".utf8)
        do {
            try descriptor.writeAll(prefix + line + [UInt8(ascii: "\n")])
        } catch {
            preconditionFailure("RUNNER_AGENT_RECORD_LINES cannot be written: \(error)")
        }
    }
}

/// The bytes since the last newline.
private struct PartialLine {
    private var bytes: [UInt8] = []
    private var isTooLong = false

    /// The lines that `more` completes, without those over the limit.
    mutating func append(_ more: [UInt8], limit: Int) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for (index, piece) in more.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if index > 0 {
                if !isTooLong, !bytes.isEmpty { lines.append(bytes) }
                (bytes, isTooLong) = ([], false)
            }
            isTooLong = isTooLong || bytes.count + piece.count > limit
            if isTooLong { bytes = [] } else { bytes += piece }
        }
        return lines
    }
}

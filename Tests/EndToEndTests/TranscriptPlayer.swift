import RunnerProtocol
import TestSupport
import Testing

/// Plays a transcript's client and compares every line that comes back.
struct TranscriptPlayer {
    let transcript: Transcript
    let send: (String) async throws -> Void
    let receive: () async throws -> String?
    var bindings: TranscriptPattern.Bindings

    /// Runs to the end; false when a line was another than expected, which has then been recorded as an issue.
    mutating func play() async throws -> Bool {
        for step in transcript.steps {
            switch step {
            case .send(let line):
                try await send(TranscriptPattern.fill(line, bindings))
            case .expect(let patterns, let optional):
                guard try await expect(patterns, optional) else { return false }
            }
        }
        return true
    }

    private mutating func expect(_ patterns: [TranscriptPattern], _ optional: [TranscriptPattern]) async throws -> Bool
    {
        var missing = patterns
        while !missing.isEmpty {
            let wanted = missing.map(\.description).joined(separator: "\nor ")
            guard let line = try await receive() else {
                Issue.record("\(transcript.name): the agent closed instead of\n\(wanted)")
                return false
            }
            let message = try JSONReader.parse(Array(line.utf8))
            if let index = missing.firstIndex(where: { $0.match(message, bindings) != nil }) {
                bindings = missing.remove(at: index).match(message, bindings) ?? bindings
            } else if !optional.contains(where: { $0.match(message, bindings) != nil }) {
                Issue.record("\(transcript.name): the agent sent\n\(line)\ninstead of\n\(wanted)")
                return false
            }
        }
        return true
    }
}

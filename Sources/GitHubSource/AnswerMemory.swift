import Crypto
import HTTPTransport
import NIOConcurrencyHelpers
import RunnerConfig

/// Answers to ask again about with their entity tag.
///
/// GitHub answers 304 to what has not changed and does not count that against the rate limit of a token:
/// <https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api>. Bounded by number and size;
/// what was not used for longest goes first.
final class AnswerMemory: Sendable {
    static let entryLimit = 128
    static let bodyLimitBytes = 64 << 10

    private struct Entry {
        let tag: String
        let answer: APISession.Answer
        var lastUse: Int
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var uses = 0
    }

    private let state = NIOLockedValueBox(State())

    /// What tells requests apart whose answers may differ: the token is part of it, but only as a digest.
    static func key(url: String, accept: String, token: Secret?) -> String {
        let text = "\(url)\n\(accept)\n\(token?.value ?? "")"
        return SHA256.hash(data: Array(text.utf8)).description
    }

    func entry(_ key: String) -> (tag: String, answer: APISession.Answer)? {
        state.withLockedValue { state in
            guard var entry = state.entries[key] else { return nil }
            state.uses += 1
            entry.lastUse = state.uses
            state.entries[key] = entry
            return (entry.tag, entry.answer)
        }
    }

    /// Keeps a good answer that has a tag.
    func keep(_ answer: APISession.Answer, for key: String) {
        guard answer.status == 200, answer.body.count <= Self.bodyLimitBytes, let tag = answer.headers["etag"],
            tag.utf8.count <= 256
        else { return }
        state.withLockedValue { state in
            state.uses += 1
            state.entries[key] = Entry(tag: tag, answer: answer, lastUse: state.uses)
            guard state.entries.count > Self.entryLimit else { return }
            if let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.entries[oldest.key] = nil
            }
        }
    }
}

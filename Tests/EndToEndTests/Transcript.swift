import FoundationEssentials
import RunnerProtocol
import TestSupport
import Testing

/// A golden session of `Protocol/transcripts`; the format is described in `Protocol/README.md`.
struct Transcript: Sendable, CustomTestStringConvertible {
    enum Step: Sendable {
        /// A client line, as it is but for placeholders.
        case send(String)
        /// Agent lines that come next, in any order among themselves; any number of lines like `optional` may come before
        /// the last of them.
        case expect([TranscriptPattern], optional: [TranscriptPattern])
    }

    let name: String
    let needsEngine: Bool
    let steps: [Step]

    var testDescription: String { name }

    static let directory = SupportTools.testsDirectory + "/../Protocol/transcripts"

    static let all: [Transcript] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".ndjson") }
                .sorted().map { try Transcript(name: $0) }
        } catch {
            preconditionFailure("the transcripts cannot be read: \(error)")
        }
    }()

    struct FormatError: Error {
        let line: String
    }

    private init(name: String) throws {
        let text = try readTextFile("\(Self.directory)/\(name)")
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popLast() == "", let marker = lines.popFirst(),
            ["# needs: nothing", "# needs: engine"].contains(marker)
        else { throw FormatError(line: "the first or last line of \(name)") }
        var steps: [Step] = []
        var optional: [TranscriptPattern] = []
        var unordered: [TranscriptPattern] = []
        func closeGroup() {
            guard !unordered.isEmpty else { return }
            steps.append(.expect(unordered, optional: optional))
            (unordered, optional) = ([], [])
        }
        for line in lines {
            let mark = line.prefix { $0 != " " }
            let rest = String(line.dropFirst(mark.count + 1))
            if mark != "<+" { closeGroup() }
            switch mark {
            case "#": continue
            case ">": steps.append(.send(rest))
            case "<*": optional.append(try TranscriptPattern(rest))
            case "<+": unordered.append(try TranscriptPattern(rest))
            case "<":
                steps.append(.expect([try TranscriptPattern(rest)], optional: optional))
                optional = []
            default: throw FormatError(line: String(line))
            }
        }
        closeGroup()
        self.name = name
        self.needsEngine = marker == "# needs: engine"
        self.steps = steps
    }
}

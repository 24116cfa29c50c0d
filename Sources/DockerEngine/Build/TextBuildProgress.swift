/// Follows the steps of the builders that tell them as text: Docker's classic builder and Podman's.
///
/// A program in a step may print the builder's own words, so nothing but what is shown depends on them.
struct TextBuildProgress {
    private static let ansiStart = "\u{1b}[91m"
    private static let ansiEnd = "\u{1b}[0m"

    private let kind: EngineInfo.Kind
    private var current: BuildStep?
    private var count = 0
    /// The classic builder ends a step's line with a message of its own.
    private var expectsLineEnd = false

    init(kind: EngineInfo.Kind) {
        self.kind = kind
    }

    /// The instruction at which the build is, or has failed.
    var currentStep: String? { current?.name }

    /// Takes the text of one message.
    mutating func take(_ text: String) -> [BuildEvent] {
        if expectsLineEnd {
            expectsLineEnd = false
            if text == "\n" { return [] }
        }
        if let step = parseStep(text) {
            let ended = end()
            current = step
            expectsLineEnd = !text.hasSuffix("\n")
            return ended + [.step(step)]
        }
        if let note = BuilderNote(text, kind: kind) {
            switch note {
            case .usingCache: return mark(.cached)
            case .warning(let text): return [.warning(text)]
            case .chatter: return []
            }
        }
        return [log(text)]
    }

    /// The step under way has succeeded: the next begins, or the build is done.
    mutating func end() -> [BuildEvent] {
        guard let step = current, step.state == .started else { return [] }
        return mark(.completed)
    }

    /// The build has failed at the step under way.
    mutating func fail(_ message: String) -> [BuildEvent] {
        guard let step = current, step.state == .started else { return [] }
        return mark(.failed(error: message))
    }

    private mutating func mark(_ state: BuildStep.State) -> [BuildEvent] {
        guard let step = current, step.state == .started else { return [] }
        let changed = BuildStep(id: step.id, name: step.name, number: step.number, total: step.total, state: state)
        current = changed
        return [.step(changed)]
    }

    /// The classic builder colours what a step writes to stderr, each message by itself.
    private func log(_ text: String) -> BuildEvent {
        guard kind == .docker, text.hasPrefix(Self.ansiStart), text.hasSuffix(Self.ansiEnd) else {
            return .log(step: current, stream: .stdout, bytes: Array(text.utf8))
        }
        let inner = text.dropFirst(Self.ansiStart.count).dropLast(Self.ansiEnd.count)
        return .log(step: current, stream: .stderr, bytes: Array(inner.utf8))
    }

    /// `Step 2/5 : RUN x` (Docker), `STEP 2/5: RUN x` and `[1/2] STEP 2/5: RUN x` (Podman).
    private mutating func parseStep(_ text: String) -> BuildStep? {
        var rest = Substring(text)
        let word = kind == .docker ? "Step " : "STEP "
        let separator = kind == .docker ? " : " : ": "
        if kind == .podman, rest.hasPrefix("["), let close = rest.firstRange(of: "] ") {
            rest = rest[close.upperBound...]
        }
        guard rest.hasPrefix(word), let fraction = rest.dropFirst(word.count).before(separator),
            let instruction = rest.after(separator)
        else { return nil }
        let parts = fraction.split(separator: "/")
        guard parts.count == 2, let number = Int(parts[0]), let total = Int(parts[1]) else { return nil }
        count += 1
        return BuildStep(
            id: "step-\(count)", name: instruction.trimmed, number: number, total: total, state: .started)
    }
}

/// What a text builder says for itself, between the output of the steps.
private enum BuilderNote {
    case usingCache
    case warning(String)
    /// Ids of layers and containers, and the announcement of success.
    case chatter

    init?(_ text: String, kind: EngineInfo.Kind) {
        let arrow = kind == .docker ? " ---> " : "--> "
        if text.hasPrefix(arrow) {
            self = text.dropFirst(arrow.count).hasPrefix("Using cache") ? .usingCache : .chatter
        } else if text.hasPrefix("[Warning] One or more build-args") {
            self = .warning(text.dropFirst("[Warning] ".count).trimmed)
        } else if text.hasPrefix("Successfully built ") || text.hasPrefix("Successfully tagged ") {
            self = .chatter
        } else if kind == .docker, text.hasPrefix("Removing intermediate container ") {
            self = .chatter
        } else if kind == .podman, text.hasPrefix("COMMIT") || Self.isID(text.trimmed) {
            self = .chatter
        } else {
            return nil
        }
    }

    private static func isID(_ text: String) -> Bool {
        text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
    }
}

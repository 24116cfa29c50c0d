import RunnerProtocol

/// The phases of a start on stderr as they pass: one line for each, which a terminal sees change while the phase goes on.
///
/// Elsewhere each phase and each build step is a line of its own.
struct PhaseDisplay {
    private struct Current {
        var name: String
        var message: String
        let began = ContinuousClock.now
    }

    private let options: ClientOptions
    private let console = Console.standardError
    private let isTerminal = Console.standardError.isTerminal
    private var current: Current?

    init(options: ClientOptions) {
        self.options = options
    }

    /// Shows the `value` of a `$/progress`.
    mutating func show(_ value: JSONValue) throws(ClosedOutput) {
        guard value["kind"]?.stringValue == "report", let phase = value["phase"]?.stringValue else { return }
        let message = value["message"]?.stringValue ?? ""
        let changesPhase = current?.name != phase
        if changesPhase {
            try finish()
            current = Current(name: phase, message: message)
        }
        if isTerminal {
            try redraw(message + (amount(value).map { "  \($0)" } ?? ""))
        } else if changesPhase || value["unit"]?.stringValue == "steps" {
            try console.write(line: options.shown("\(phase.padded(to: 12)) \(message)"))
        }
    }

    /// Ends the line of the phase that goes on.
    mutating func finish() throws(ClosedOutput) {
        guard let ended = current else { return }
        current = nil
        guard isTerminal else { return }
        let time = DurationText.measured(ended.began.duration(to: .now))
        try console.write("\r\u{1B}[K" + options.shown("\(ended.name.padded(to: 12)) \(time)") + "\n")
    }

    private func redraw(_ message: String) throws(ClosedOutput) {
        guard let current else { return }
        let line = options.shown("\(current.name.padded(to: 12)) \(message)")
        // A line that wraps could not be overwritten.
        try console.write("\r\u{1B}[K" + line.prefix(console.width - 1))
    }

    /// How much of what is done, where that is known.
    private func amount(_ value: JSONValue) -> String? {
        guard value["unit"]?.stringValue == "bytes", let done = value["current"]?.intValue else { return nil }
        guard let total = value["total"]?.intValue, total > 0 else { return Self.megabytes(done) }
        return "\(Self.megabytes(done)) of \(Self.megabytes(total))"
    }

    private static func megabytes(_ bytes: Int64) -> String {
        let tenths = bytes / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}

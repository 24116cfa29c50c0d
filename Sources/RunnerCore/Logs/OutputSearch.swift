/// Looks in a reading of an engine's log, whose beginning was rotated away, for the lines of one stream that were taken last.
///
/// Pure. Lines that repeat are told apart by their time.
struct OutputSearch {
    private let expected: OutputPosition.Stream
    private var passed = PassedLines()
    private var lines: Int64 = 0
    private var best: (lines: Int64, missing: Int, distance: Int64)?
    /// Whole lines of the reading that were written no later than the last line taken.
    private var linesBefore: Int64 = 0

    init(_ expected: OutputPosition.Stream) {
        self.expected = expected
    }

    mutating func take(_ record: EngineLogRecord) {
        guard passed.append(record.bytes) else { return }
        lines += 1
        let taken = expected.time?.nanoseconds ?? 0
        if record.time <= taken { linesBefore = lines }
        guard expected.isNear(record.time), let missing = passed.match(expected.recent) else { return }
        let distance = abs(record.time - taken)
        if let best, (best.missing, best.distance) < (missing, distance) { return }
        best = (lines, missing, distance)
    }

    /// Whole lines of the reading to pass over, and whether what follows them is known to follow what was taken.
    var place: (lines: Int64, isProven: Bool) {
        if let best { return (best.lines, true) }
        return (linesBefore, false)
    }
}

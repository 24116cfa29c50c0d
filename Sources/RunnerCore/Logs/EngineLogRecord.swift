/// One record of an engine's own log, read with timestamps: a line with its newline, or a piece of a long one without.
struct EngineLogRecord: Sendable {
    var stream: LogSource
    /// Nanoseconds since 1970; records of one stream never go back.
    var time: Int64
    var bytes: [UInt8]

    var endsLine: Bool { bytes.last == UInt8(ascii: "\n") }
}

/// The last record of each stream that was seen in the engine's log: later readings go on behind it.
///
/// Several records may have one time, so those of the last time are counted.
struct EngineLogMark: Sendable {
    private(set) var time: Int64?
    private(set) var recordsAtTime = 0

    mutating func note(_ record: EngineLogRecord) {
        recordsAtTime = record.time == time ? recordsAtTime + 1 : 1
        time = record.time
    }

    /// Whether a reading whose first record of any stream has the time `first` holds all that follows the mark.
    func isCovered(from first: Int64?) -> Bool {
        guard let time else { return false }
        return first.map { $0 < time } ?? false
    }
}

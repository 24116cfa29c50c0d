/// Finds where the bytes of a new stream begin in the engine's log, so that what was written before them can be added.
///
/// Pure.
struct OutputJoin {
    /// So many bytes are looked for.
    private static let soughtBytes = 512

    /// All of one stream in a reading of the engine's log, and where what is not taken yet begins in it.
    private var text: [UInt8] = []
    /// Where each record begins in `text`, and its time.
    private var records: [(offset: Int, time: Int64)] = []
    private var newOffset = 0

    /// - Parameters:
    ///   - readings: the records of the stream, as the engine gave them.
    ///   - mark: the last one that was taken, which is among them; nil when none was.
    ///   - openToSkip: bytes that were taken of what follows it.
    init(_ readings: [EngineLogRecord], after mark: EngineLogMark?, openToSkip: Int) {
        var isNew = mark == nil
        var atMark = 0
        for record in readings {
            if let mark, let time = mark.time, !isNew {
                if record.time == time { atMark += 1 }
                isNew = record.time > time || atMark > mark.recordsAtTime
                if isNew { newOffset = text.count }
            }
            records.append((text.count, record.time))
            text += record.bytes
        }
        if !isNew { newOffset = text.count }
        newOffset = min(newOffset + openToSkip, text.count)
    }

    enum Outcome: Equatable {
        /// `before` are new bytes of the log, in its form, that come before the stream; `dropped` are bytes at the beginning
        /// of the stream that were taken from the log before.
        case found(before: [UInt8], dropped: Int)
        /// There are several places, or the log cannot have the line yet: more of the stream is needed.
        case undecided
        /// The log does not hold the stream's bytes, or not yet.
        case missing
    }

    /// - Parameters:
    ///   - stream: the first bytes of the stream, as they came.
    ///   - since: when the stream was asked for, by the engine's clock; nothing in it is older. Nil when its clock may differ.
    func find(_ stream: [UInt8], form: EngineTextForm, since: Int64?) -> Outcome {
        let lead = UTF8Boundary.continuationBytes(atStartOf: stream)
        var sought = Array(stream.dropFirst(lead).prefix(Self.soughtBytes))
        sought.removeLast(UTF8Boundary.incompleteBytes(atEndOf: sought))
        sought = form.form(of: sought)
        let isEnough = sought.count >= Self.soughtBytes / 2
        // A line is in the log when it has ended.
        guard isEnough || sought.contains(UInt8(ascii: "\n")) else { return .undecided }
        let first = since.map { since in records.first { $0.time >= since }?.offset ?? text.count }
        guard let start = position(of: sought, from: first ?? 0) else { return .missing }
        if !isEnough, position(of: sought, from: start + 1) != nil { return .undecided }
        // In the log the character is whole.
        let place = (first == nil ? lastPosition(of: sought) ?? start : start) - lead
        if place >= newOffset { return .found(before: Array(text[newOffset..<place]), dropped: 0) }
        return .found(before: [], dropped: form.prefix(of: stream, formBytes: newOffset - max(place, 0)))
    }

    private func position(of sought: [UInt8], from first: Int) -> Int? {
        guard text.count >= sought.count, first <= text.count - sought.count else { return nil }
        return (first...(text.count - sought.count)).first { matches(sought, at: $0) }
    }

    private func lastPosition(of sought: [UInt8]) -> Int? {
        guard text.count >= sought.count else { return nil }
        return (0...(text.count - sought.count)).reversed().first { matches(sought, at: $0) }
    }

    private func matches(_ sought: [UInt8], at offset: Int) -> Bool {
        guard text[offset] == sought[0], text[offset + sought.count - 1] == sought[sought.count - 1] else {
            return false
        }
        return text[offset..<(offset + sought.count)].elementsEqual(sought)
    }
}

/// Passes over what was taken of one stream in a reading of the engine's log, and gives out the rest.
///
/// Pure. A count alone proves nothing where the engine has rotated its files: the lines before the place found must be
/// those that were taken last.
struct OutputSeeker {
    enum Proof {
        /// Nothing to compare: no line was taken.
        case none
        case pending
        case matched
        /// The place found by counting is another one: the log's beginning is not the container's.
        case failed
    }

    private let expected: OutputPosition.Stream
    private var linesToSkip: Int64
    private(set) var openToSkip: Int
    private var passed = PassedLines()
    private(set) var proof: Proof

    /// Counts whole lines from the beginning of the reading.
    ///
    /// - Parameter isProven: the place was found by comparing, and need not be compared again.
    init(_ expected: OutputPosition.Stream, lines: Int64, isProven: Bool = false) {
        self.expected = expected
        linesToSkip = lines
        openToSkip = expected.openBytes
        proof = isProven ? .matched : lines == 0 || expected.recent.isEmpty ? .none : .pending
    }

    /// The lines counted are passed; what comes is new, but for the beginning of a line.
    var hasArrived: Bool { linesToSkip == 0 }

    /// What is new in a record.
    mutating func take(_ record: EngineLogRecord) -> [UInt8] {
        let bytes = record.bytes
        guard linesToSkip == 0 else {
            if passed.append(bytes) { linesToSkip -= 1 }
            if linesToSkip == 0, proof == .pending {
                let isThere = expected.isNear(record.time) && passed.match(expected.recent) != nil
                proof = isThere ? .matched : .failed
            }
            return []
        }
        guard openToSkip > 0 else { return bytes }
        let skipped = min(openToSkip, bytes.last == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count)
        // A line that ends sooner than what was taken of it is another form of it, not a longer one.
        openToSkip = skipped < bytes.count ? 0 : openToSkip - skipped
        return Array(bytes.dropFirst(skipped))
    }
}

/// The last lines of a stream, as they pass by.
struct PassedLines {
    private(set) var lines: [LineMark] = []
    private var current = LineMark()

    /// Takes a record's bytes; true when they end a line.
    mutating func append(_ bytes: [UInt8]) -> Bool {
        let endsLine = bytes.last == UInt8(ascii: "\n")
        current.append(endsLine ? bytes.dropLast() : bytes[...])
        guard endsLine else { return false }
        if lines.count == OutputPosition.recentLines { lines.removeFirst() }
        lines.append(current)
        current = LineMark()
        return true
    }

    /// How many of `recent` at its end must be left out so that the rest is what has passed last; nil for none.
    ///
    /// An engine that was killed may have given out lines that its own log never got.
    func match(_ recent: [LineMark]) -> Int? {
        guard let last = lines.last else { return nil }
        for missing in 0..<recent.count {
            let compared = min(recent.count - missing, lines.count)
            // The fewer lines are compared, the less a match means.
            guard missing == 0 || compared >= 3 else { return nil }
            guard recent[recent.count - 1 - missing] == last else { continue }
            if lines.suffix(compared).elementsEqual(recent.dropLast(missing).suffix(compared)) { return missing }
        }
        return nil
    }
}

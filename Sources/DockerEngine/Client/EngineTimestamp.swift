/// A moment as engines write it, in nanoseconds since 1970.
///
/// Read from RFC 3339 text with any number of fractional digits (`2026-11-23T22:49:02.837724252Z`), as in `inspect` and at
/// the start of every log record read with timestamps. The engine's zero, year 1, is no moment.
package struct EngineTimestamp: Sendable, Hashable, Comparable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package init?(rfc3339 text: some StringProtocol) {
        self.init(rfc3339: Array(text.utf8))
    }

    package init?(rfc3339 bytes: some Collection<UInt8>) {
        // The longest form is 2026-11-23T22:49:02.837724252+01:00.
        guard bytes.count <= 40 else { return nil }
        var reader = TimestampReader(bytes: Array(bytes))
        guard let nanoseconds = reader.read() else { return nil }
        self.nanoseconds = nanoseconds
    }

    /// `seconds.nanoseconds` with nine digits, for `since` and `until`.
    package var parameter: String {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(abs(rest))
        return "\(seconds).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }

    /// The whole seconds, rounded down.
    package var wholeSeconds: String { String(nanoseconds / 1_000_000_000) }

    package static func < (left: EngineTimestamp, right: EngineTimestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

/// Reads one RFC 3339 text.
private struct TimestampReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func read() -> Int64? {
        guard let year = number(4), year >= 1970, year < 2262, skip("-"), let month = number(2),
            (1...12).contains(month),
            skip("-"), let day = number(2), (1...31).contains(day), skip("T"), let hour = number(2), hour < 24,
            skip(":"),
            let minute = number(2), minute < 60, skip(":"), let second = number(2), second <= 60
        else { return nil }
        guard let fraction = fraction(), let offset = offset(), position == bytes.count else { return nil }
        let days = Self.daysSince1970(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - offset
        return seconds * 1_000_000_000 + fraction
    }

    private mutating func number(_ digits: Int) -> Int64? {
        guard position + digits <= bytes.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            guard (0x30...0x39).contains(bytes[position]) else { return nil }
            value = value * 10 + Int64(bytes[position] - 0x30)
            position += 1
        }
        return value
    }

    private mutating func skip(_ expected: Character) -> Bool {
        guard position < bytes.count, bytes[position] == expected.asciiValue else { return false }
        position += 1
        return true
    }

    /// Nanoseconds; digits beyond the ninth are dropped.
    private mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        var value: Int64 = 0
        var digits = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            if digits < 9 { value = value * 10 + Int64(bytes[position] - 0x30) }
            digits += 1
            position += 1
        }
        guard digits > 0 else { return nil }
        for _ in digits..<max(digits, 9) { value *= 10 }
        return value
    }

    /// Seconds east of Greenwich.
    private mutating func offset() -> Int64? {
        if skip("Z") { return 0 }
        let sign: Int64 = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2), skip(":"), let minutes = number(2) else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    /// Days in the proleptic Gregorian calendar, counted in years that begin in March.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

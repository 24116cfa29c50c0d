/// A point in time on the wire: ISO 8601 in UTC with milliseconds, as in `2026-01-02T03:04:05.123Z`.
package struct WireTime: Sendable, Hashable {
    /// Since 1970-01-01T00:00:00Z.
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package var text: String {
        var writer = JSONWriter(reserving: 32)
        write(to: &writer)
        return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
    }

    /// Writes the time as a JSON string, digit by digit: every log record has one.
    func write(to writer: inout JSONWriter) {
        let (seconds, fraction) = Self.floorDivision(nanoseconds, 1_000_000_000)
        let (days, second) = Self.floorDivision(seconds, 86_400)
        let date = CivilDate(daysSince1970: Int(days))
        let time = Int(second)
        writer.raw(#""0000-00-00T00:00:00.000Z""#)
        let start = writer.bytes.count - 25
        var text = writer.bytes.mutableSpan
        Self.fill(&text, start, digits: 4, date.year)
        Self.fill(&text, start + 5, digits: 2, date.month)
        Self.fill(&text, start + 8, digits: 2, date.day)
        Self.fill(&text, start + 11, digits: 2, time / 3600)
        Self.fill(&text, start + 14, digits: 2, time / 60 % 60)
        Self.fill(&text, start + 17, digits: 2, time % 60)
        Self.fill(&text, start + 20, digits: 3, Int(fraction) / 1_000_000)
    }

    private static func fill(_ text: inout MutableSpan<UInt8>, _ start: Int, digits: Int, _ value: Int) {
        var rest = value
        var index = start + digits
        while index > start {
            index -= 1
            text[index] = ASCII.zero + UInt8(rest % 10)
            rest /= 10
        }
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension WireTime {
    /// Reads an RFC 3339 time: `2026-01-02T03:04:05[.fraction](Z|+hh:mm|-hh:mm)`, years 1970 to 2261.
    package init?(_ text: String) {
        var rest = Substring(text).utf8
        guard let year = Self.number(&rest, digits: 4, then: "-"), let month = Self.number(&rest, digits: 2, then: "-"),
            let day = Self.number(&rest, digits: 2, then: "Tt"), let hour = Self.number(&rest, digits: 2, then: ":"),
            let minute = Self.number(&rest, digits: 2, then: ":"), let second = Self.number(&rest, digits: 2),
            let nanosecond = Self.fraction(&rest), let offset = Self.offsetSeconds(&rest), rest.isEmpty,
            (1970...2261).contains(year), (1...12).contains(month), hour < 24, minute < 60, second < 60,
            (1...CivilDate.daysInMonth(month, year: year)).contains(day)
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        nanoseconds = Int64(seconds) * 1_000_000_000 + Int64(nanosecond)
    }

    private static func number(_ rest: inout Substring.UTF8View, digits: Int, then separators: String = "") -> Int? {
        guard rest.count >= digits, rest.prefix(digits).allSatisfy(ASCII.isDigit) else { return nil }
        let value = rest.prefix(digits).reduce(0) { $0 * 10 + Int($1 - ASCII.zero) }
        rest = rest.dropFirst(digits)
        guard !separators.isEmpty else { return value }
        guard let next = rest.popFirst(), separators.utf8.contains(next) else { return nil }
        return value
    }

    /// Nanoseconds of an optional fraction; digits after the ninth are dropped.
    private static func fraction(_ rest: inout Substring.UTF8View) -> Int? {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        let digits = rest.dropFirst().prefix(while: ASCII.isDigit)
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(1 + digits.count)
        let value = digits.prefix(9).reduce(0) { $0 * 10 + Int($1 - ASCII.zero) }
        return (digits.count..<max(9, digits.count)).reduce(value) { value, _ in value * 10 }
    }

    private static func offsetSeconds(_ rest: inout Substring.UTF8View) -> Int? {
        guard let sign = rest.popFirst() else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == ASCII.minus, let hours = number(&rest, digits: 2, then: ":"),
            let minutes = number(&rest, digits: 2), hours < 24, minutes < 60
        else { return nil }
        return (sign == ASCII.minus ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

import Testing

@testable import RunnerProtocol

@Suite struct WireTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_767_323_045_123_456_789, "2026-01-02T03:04:05.123Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (1_735_689_599_999_999_999, "2024-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func `is written in UTC with milliseconds`(nanoseconds: Int64, text: String) {
        #expect(WireTime(nanoseconds: nanoseconds).text == text)
    }

    @Test(
        arguments: [
            ("2026-01-02T03:04:05Z", 1_767_323_045_000_000_000), ("2026-01-02t03:04:05.5z", 1_767_323_045_500_000_000),
            ("2026-01-02T05:04:05.123456789+02:00", 1_767_323_045_123_456_789),
            ("2026-01-01T21:34:05.1234567891-05:30", 1_767_323_045_123_456_789),
            ("2000-02-29T00:00:00Z", 951_782_400_000_000_000),
        ] as [(String, Int64)])
    func `is read from RFC 3339`(text: String, nanoseconds: Int64) {
        #expect(WireTime(text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-13-02T03:04:05Z",
        "2026-02-29T03:04:05Z", "2026-00-02T03:04:05Z", "2026-01-00T03:04:05Z", "2026-01-02T24:04:05Z",
        "2026-01-02T03:60:05Z", "2026-01-02T03:04:60Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+0200",
        "2026-01-02T03:04:05Zx", "1969-01-02T03:04:05Z", "9999-01-02T03:04:05Z", "-026-01-02T03:04:05Z",
        "2026-1-2T3:4:5Z",
        "２０２６-01-02T03:04:05Z", "2026-01-02T03:04:05+24:00",
    ])
    func `refuses other texts`(text: String) {
        #expect(WireTime(text) == nil)
    }

    @Test func `every day of four centuries is its own inverse`() {
        let wrong = (0...146_097).filter { day in
            let date = CivilDate(daysSince1970: day)
            return date.daysSince1970 != day || date.day > CivilDate.daysInMonth(date.month, year: date.year)
        }
        #expect(wrong.isEmpty)
    }
}

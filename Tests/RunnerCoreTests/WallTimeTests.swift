import Testing

@testable import RunnerCore

@Suite struct WallTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", Int64(0)), ("2026-11-23T08:15:30.125Z", 1_795_421_730_125_000_000),
        ("2024-02-29T23:59:59.999Z", 1_709_251_199_999_000_000), ("1969-12-31T23:59:59.500Z", -500_000_000),
        ("2000-03-01T00:00:00.000Z", 951_868_800_000_000_000),
    ])
    func `prints and reads the same moment`(text: String, nanoseconds: Int64) {
        #expect(WallTime(nanoseconds: nanoseconds).iso8601 == text)
        #expect(WallTime(iso8601: text)?.nanoseconds == nanoseconds)
    }

    @Test func `reads offsets and fractions of any length`() {
        #expect(WallTime(iso8601: "2026-11-23T10:15:30+02:00")?.nanoseconds == 1_795_421_730_000_000_000)
        #expect(WallTime(iso8601: "2026-11-23T08:15:30.123456789Z")?.nanoseconds == 1_795_421_730_123_456_789)
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-13-01T00:00:00Z", "2026-11-23T08:15:30", "2026-11-23T08:15:30.Z",
        "99999-01-01T00:00:00Z",
    ])
    func `refuses what is no moment`(text: String) {
        #expect(WallTime(iso8601: text) == nil)
    }
}

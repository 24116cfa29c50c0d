import Testing

@testable import RunnerCore

@Suite struct IdempotencyKeysTests {
    private static let day = IdempotencyKeys.lifetime.nanoseconds

    private func use(_ key: String, at time: Int64) -> IdempotencyKeys.Use {
        .init(key: key, fingerprint: "f-" + key, usedAt: WallTime(nanoseconds: time))
    }

    @Test func `a key counts for 24 hours and not a moment longer`() {
        var keys = IdempotencyKeys()
        let id = InstanceID()
        keys.insert(use("k", at: 5), for: id, at: WallTime(nanoseconds: 5))
        #expect(keys.find("k", at: WallTime(nanoseconds: Self.day + 4))?.id == id)
        #expect(keys.find("k", at: WallTime(nanoseconds: Self.day + 5)) == nil)
        keys.dropOld(at: WallTime(nanoseconds: Self.day + 5))
        #expect(keys.uses(for: id).isEmpty && keys.instances.isEmpty)
    }

    @Test func `old keys are dropped while new ones come, and never more than the limit are kept`() {
        var keys = IdempotencyKeys()
        for number in 0..<(IdempotencyKeys.maxKeys + 10) {
            keys.insert(use("\(number)", at: 1), for: InstanceID(), at: WallTime(nanoseconds: 1))
        }
        #expect(keys.instances.count == IdempotencyKeys.maxKeys)
        #expect(keys.find("9", at: WallTime(nanoseconds: 1)) == nil)
        #expect(keys.find("10", at: WallTime(nanoseconds: 1)) != nil)
        keys.insert(use("new", at: Self.day + 2), for: InstanceID(), at: WallTime(nanoseconds: Self.day + 2))
        #expect(keys.instances.count == 1)
    }

    @Test func `a key that was taken back is free, and another use of it is another start`() {
        var keys = IdempotencyKeys()
        let now = WallTime(nanoseconds: 1)
        keys.insert(use("k", at: 1), for: InstanceID(), at: now)
        keys.remove("k")
        #expect(keys.find("k", at: now) == nil)
        let second = InstanceID()
        keys.insert(use("k", at: 1), for: second, at: now)
        #expect(keys.find("k", at: now)?.id == second)
    }
}

/// The idempotency keys of the last day and the starts they stand for.
///
/// A key outlives its instance: when history has dropped that, the key still must not start anything again.
struct IdempotencyKeys: Sendable {
    struct Use: Sendable, Codable, Hashable {
        var key: String
        /// SHA-256 of the canonical params, hexadecimal.
        var fingerprint: String
        var usedAt: WallTime
    }

    static let lifetime = Duration.seconds(86_400)
    /// Beyond this many the oldest are forgotten before their time.
    static let maxKeys = 10_000

    private var uses: [String: (use: Use, id: InstanceID)] = [:]
    private var keys: [InstanceID: [String]] = [:]
    /// Oldest first; a key that was taken back is here until its turn comes.
    private var order: [Use] = []

    /// The start that `key` stands for; nil when there is none or it is too long ago.
    func find(_ key: String, at now: WallTime) -> (use: Use, id: InstanceID)? {
        uses[key].flatMap { Self.isCurrent($0.use, now) ? $0 : nil }
    }

    mutating func insert(_ use: Use, for id: InstanceID, at now: WallTime) {
        remove(use.key)
        if Self.isCurrent(use, now) {
            uses[use.key] = (use, id)
            keys[id, default: []].append(use.key)
            order.append(use)
        }
        dropOld(at: now)
    }

    mutating func remove(_ key: String) {
        guard let id = uses.removeValue(forKey: key)?.id else { return }
        keys[id]?.removeAll { $0 == key }
        if keys[id]?.isEmpty == true { keys[id] = nil }
    }

    /// The keys that stand for `id`, oldest first.
    func uses(for id: InstanceID) -> [Use] { (keys[id] ?? []).compactMap { uses[$0]?.use } }

    /// The instances that keys stand for.
    var instances: [InstanceID] { Array(keys.keys) }

    mutating func dropOld(at now: WallTime) {
        var passed = 0
        for use in order {
            if uses[use.key]?.use == use {
                guard uses.count > Self.maxKeys || !Self.isCurrent(use, now) else { break }
                remove(use.key)
            }
            passed += 1
        }
        order.removeFirst(passed)
    }

    private static func isCurrent(_ use: Use, _ now: WallTime) -> Bool {
        now.nanoseconds - use.usedAt.nanoseconds < lifetime.nanoseconds
    }
}

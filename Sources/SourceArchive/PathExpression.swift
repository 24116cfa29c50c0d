/// The part of Go's regular expressions that translated ignore patterns use, run in linear time.
///
/// `.`, `[...]`, `X*`, `(.*/)?`, `^`, `$` and the escapes of Go's `regexp/syntax` that a backslash before a letter can
/// reach; escapes that need more than one letter are refused. All states are advanced together, so that no pattern of
/// a hostile ignore file takes more than its length times the path's.
struct PathExpression: Sendable {
    enum Step: Sendable {
        case one(ScalarSet)
        case zeroOrMore(ScalarSet)
        /// Goes on with the next step, or after the next `count` ones.
        case optional(count: Int)
        case start
        case end
        case wordBoundary(Bool)
    }

    private let steps: [Step]
    /// ASCII characters that every match ends with: they rule most paths out at once.
    let ending: [UInt8]

    init(_ expression: [UInt32]) throws(IgnorePattern.Fault) {
        var parser = PathExpressionParser(expression)
        steps = try parser.parse()
        ending = Self.ending(of: steps)
    }

    private static func ending(of steps: [Step]) -> [UInt8] {
        guard case .end = steps.last else { return [] }
        var ending: [UInt8] = []
        for index in steps.indices.dropLast().reversed() {
            guard case .one(let set) = steps[index], let byte = set.onlyASCII else { break }
            // The slash of `(.*/)?` may be left out with its group.
            if index >= 2, case .optional = steps[index - 2] { break }
            ending.insert(byte, at: 0)
        }
        return ending
    }

    func matches(_ text: [UInt32]) -> Bool {
        var active = [Bool](repeating: false, count: steps.count + 1)
        active[0] = true
        for position in 0...text.count {
            follow(&active, text, position)
            if position == text.count { break }
            // From the back, so that a step's own move is not moved again.
            var isAlive = false
            active[steps.count] = false
            for index in steps.indices.reversed() where active[index] {
                active[index] = false
                switch steps[index] {
                case .one(let set) where set.contains(text[position]):
                    active[index + 1] = true
                    isAlive = true
                case .zeroOrMore(let set) where set.contains(text[position]):
                    active[index] = true
                    isAlive = true
                default: break
                }
            }
            if !isAlive { return false }
        }
        return active[steps.count]
    }

    /// Activates what the active steps reach without taking a scalar: steps only lead forward, one sweep is enough.
    private func follow(_ active: inout [Bool], _ text: [UInt32], _ position: Int) {
        for index in steps.indices where active[index] {
            switch steps[index] {
            case .one: break
            case .zeroOrMore: active[index + 1] = true
            case .optional(let count):
                active[index + 1] = true
                active[index + 1 + count] = true
            case .start: if position == 0 { active[index + 1] = true }
            case .end: if position == text.count { active[index + 1] = true }
            case .wordBoundary(let wanted):
                let before = position > 0 && ScalarSet.word.contains(text[position - 1])
                let after = position < text.count && ScalarSet.word.contains(text[position])
                if (before != after) == wanted { active[index + 1] = true }
            }
        }
    }
}

/// A set of Unicode scalars.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    static let digit = ScalarSet(ranges: [0x30...0x39])
    static let space = ScalarSet(ranges: [0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// Go's `.` without its `s` flag.
    static let anyButNewline = ScalarSet(ranges: [0x0A...0x0A], isNegated: true)

    /// The one ASCII character of this set, when it has no other.
    var onlyASCII: UInt8? {
        guard !isNegated, ranges.count == 1, ranges[0].count == 1, ranges[0].lowerBound < 0x80 else { return nil }
        return UInt8(ranges[0].lowerBound)
    }

    func contains(_ scalar: UInt32) -> Bool {
        ranges.contains { $0.contains(scalar) } != isNegated
    }

    mutating func insert(_ other: ScalarSet) {
        guard other.isNegated else {
            ranges += other.ranges
            return
        }
        var next: UInt32 = 0
        for range in other.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { ranges.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10_FFFF { ranges.append(next...0x10_FFFF) }
    }
}

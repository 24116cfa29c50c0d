/// Finds what an unknown key was meant to be.
enum KeySuggestion {
    /// The nearest of `known`: the same but for case, `-` and `_`, an abbreviation, or a few letters away.
    static func nearest(to key: String, among known: [String]) -> String? {
        guard (2...32).contains(key.utf8.count) else { return nil }
        let folded = fold(key)
        let candidates = known.map { (name: $0, distance: distance(folded, fold($0))) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
        if best.distance <= max(1, folded.count / 3) { return best.name }
        return folded.count >= 3 ? known.first { fold($0).starts(with: folded) } : nil
    }

    private static func fold(_ key: String) -> [UInt8] {
        key.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    /// How many letters to insert, delete, replace or swap with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var best = min(previous[column + 1], current[column]) + 1
                best = min(best, previous[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, older[column - 1] + 1)
                }
                current.append(best)
            }
            older = previous
            previous = current
        }
        return previous[right.count]
    }
}

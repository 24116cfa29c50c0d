/// The rules of a `.dockerignore` file, with Docker's meaning of every pattern.
///
/// A path is excluded when the last pattern that matches it, or a directory above it, has no `!`. Follows
/// https://docs.docker.com/build/concepts/context/#dockerignore-files and the behaviour of Docker's own matcher, the
/// parts that are nowhere documented included.
package struct IgnoreRules: Sendable {
    struct Rule: Sendable {
        let pattern: IgnorePattern
        let isNegated: Bool
    }

    /// Each pattern costs a comparison for every member of the source.
    private static let patternLimit = 2000
    private static let patternByteLimit = 4096

    let rules: [Rule]

    package static let none = IgnoreRules(rules: [])

    /// Whether a pattern with `!` takes paths in again, possibly below an excluded directory.
    package var hasNegation: Bool { rules.contains(where: \.isNegated) }

    private init(rules: [Rule]) {
        self.rules = rules
    }

    /// Reads the contents of an ignore file.
    ///
    /// - Throws: `invalid` with the line for a pattern that Docker refuses, `tooLarge` for too many or too long ones.
    package init(parsing text: [UInt8]) throws(ArchiveError) {
        var rules: [Rule] = []
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = text.starts(with: byteOrderMark) ? text.dropFirst(3) : text[...]
        let lines = body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            guard let written = Self.pattern(in: line) else { continue }
            guard written.count <= Self.patternByteLimit, rules.count < Self.patternLimit else {
                throw ArchiveError(
                    .tooLarge,
                    "line \(number + 1) of the ignore file passes the limit of \(Self.patternLimit) patterns"
                        + " of \(Self.patternByteLimit) bytes each", limit: "ignorePatterns")
            }
            do throws(IgnorePattern.Fault) {
                rules.append(try Self.rule(of: written))
            } catch {
                throw .invalid(
                    "line \(number + 1) of the ignore file, \"\(escapedForDisplay(written))\": \(error.cause)")
            }
        }
        self.rules = rules
    }

    /// Whether `path`, relative to the build context, stays out of it; the root never does.
    package func excludes(_ path: ArchivePath) -> Bool {
        var matcher = IgnoreMatcher(self)
        return matcher.excludes(path)
    }

    /// The pattern of a line in its clean form, its `!` kept; nil for a comment or a blank line.
    private static func pattern(in line: ArraySlice<UInt8>) -> [UInt8]? {
        // Only a line that starts with '#': " # x" is a pattern.
        if line.first == UInt8(ascii: "#") { return nil }
        var pattern = trimmed(line)
        guard let first = pattern.first else { return nil }
        let isNegated = first == UInt8(ascii: "!")
        if isNegated { pattern = trimmed(pattern.dropFirst()) }
        var clean = pattern.isEmpty ? [] : cleanPath(pattern)
        if clean.count > 1 && clean.first == slash { clean.removeFirst() }
        return isNegated ? [UInt8(ascii: "!")] + clean : clean
    }

    private static func rule(of written: [UInt8]) throws(IgnorePattern.Fault) -> Rule {
        // Cleaned a second time with its "!", as Docker does: "!/" becomes "!", which it refuses.
        let clean = cleanPath(written[...])
        guard clean.first == UInt8(ascii: "!") else {
            return Rule(pattern: try IgnorePattern(clean), isNegated: false)
        }
        guard clean.count > 1 else { throw IgnorePattern.Fault("\"!\" needs a pattern behind it") }
        return Rule(pattern: try IgnorePattern(Array(clean.dropFirst())), isNegated: true)
    }
}

/// ``IgnoreRules`` applied to paths one after the other; what is known of the directories above the last one is kept.
struct IgnoreMatcher {
    private struct Level {
        let path: ArchivePath
        /// For each rule, whether it matches this path or one above it.
        let matches: [Bool]
    }

    private let rules: [IgnoreRules.Rule]
    private var levels: [Level] = []

    init(_ rules: IgnoreRules) {
        self.rules = rules.rules
    }

    mutating func excludes(_ path: ArchivePath) -> Bool {
        guard !rules.isEmpty, !path.isRoot else { return false }
        while let last = levels.last, !path.hasPrefix(last.path) { levels.removeLast() }
        var start = levels.last.map { $0.path.bytes.count + 1 } ?? 0
        while let end = path.bytes[min(start, path.bytes.count)...].firstIndex(of: slash) {
            push(ArchivePath(unchecked: Array(path.bytes[..<end])))
            start = end + 1
        }
        // The last match decides: what stands before it need not be asked.
        let above = levels.last?.matches
        var subject = IgnorePattern.Subject(path)
        let last = rules.indices.last { above?[$0] == true || rules[$0].pattern.matches(&subject) }
        return last.map { !rules[$0].isNegated } ?? false
    }

    private mutating func push(_ path: ArchivePath) {
        let above = levels.last?.matches
        var subject = IgnorePattern.Subject(path)
        let matches = rules.indices.map { above?[$0] == true || rules[$0].pattern.matches(&subject) }
        levels.append(Level(path: path, matches: matches))
    }
}

/// `text` without white space at both ends: Unicode's, as Go's `strings.TrimSpace` has it.
private func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let bytes = Array(text)
    var start = 0
    var end = 0
    var index = 0
    var isLeading = true
    while index < bytes.count {
        let before = index
        let isSpace = nextScalar(in: bytes, at: &index).map(\.properties.isWhitespace) ?? false
        if isSpace && isLeading { start = index }
        if !isSpace {
            if isLeading { start = before }
            isLeading = false
            end = index
        }
    }
    return isLeading ? [] : bytes[start..<end]
}

/// The shortest path that means the same as `path`, by its text alone: Go's `path.Clean`.
private func cleanPath(_ path: ArraySlice<UInt8>) -> [UInt8] {
    let isRooted = path.first == slash
    var kept: [ArraySlice<UInt8>] = []
    for component in path.split(separator: slash) where !component.elementsEqual([dot]) {
        guard component.elementsEqual([dot, dot]) else {
            kept.append(component)
            continue
        }
        if let last = kept.last, !last.elementsEqual([dot, dot]) {
            kept.removeLast()
        } else if !isRooted {
            kept.append(component)
        }
    }
    let joined = (isRooted ? [slash] : []) + kept.joined(separator: [slash])
    return joined.isEmpty ? [dot] : joined
}

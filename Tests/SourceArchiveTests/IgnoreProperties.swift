@testable import SourceArchive

/// What must hold of any text that claims to be an ignore file.
enum IgnoreProperties {
    /// The first rule that is broken for paths of every shape; the lines are paths too, so that patterns meet what they name.
    static func violation(of text: [UInt8]) -> String? {
        guard let rules = try? IgnoreRules(parsing: text) else { return nil }
        let own = text.split(separator: UInt8(ascii: "\n")).prefix(8).compactMap {
            try? ArchivePath(validating: Array($0))
        }
        for path in own + fixed {
            let isExcluded = rules.excludes(path)
            guard rules.excludes(path) == isExcluded else { return "a path is judged the same again" }
            if path.isRoot, isExcluded { return "the root is never excluded" }
            if isExcluded, rules.rules.isEmpty { return "no rule, nothing excluded" }
            guard isExcluded == plainAnswer(rules, path) else { return "shortcuts change no answer: \(path)" }
        }
        return nil
    }
}

private let fixed: [ArchivePath] = [
    "", "a", "a/b", "a/b/c.go", ".git", ".git/HEAD", "node_modules/x/y.js", "é/ü", "[a]", "a*b?c",
    "aaaaaaaaaaaaaaaaaaaaaaaaaab",
].compactMap { try? ArchivePath($0) }

/// Docker's rule said plainly: the last pattern that matches the path or one above it decides.
private func plainAnswer(_ rules: IgnoreRules, _ path: ArchivePath) -> Bool {
    var paths: [ArchivePath] = []
    var rest = path
    while !rest.isRoot {
        paths.append(rest)
        rest = rest.parent
    }
    let last = rules.rules.last { rule in
        paths.contains { path in
            var subject = IgnorePattern.Subject(path)
            return rule.pattern.matches(&subject)
        }
    }
    return last.map { !$0.isNegated } ?? false
}

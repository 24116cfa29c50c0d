@testable import SourceArchive

/// An ignore file, judged for paths of every shape; its own lines are paths too, so that patterns meet what they name.
func violation(of text: [UInt8]) -> String? {
    guard let rules = try? IgnoreRules(parsing: text) else { return nil }
    let own = text.split(separator: UInt8(ascii: "\n")).prefix(8).compactMap { try? ArchivePath(validating: Array($0)) }
    for path in own + fixed {
        let isExcluded = rules.excludes(path)
        guard rules.excludes(path) == isExcluded else { return "a path is judged the same again" }
        if path.isRoot, isExcluded { return "the root is never excluded" }
        if isExcluded, rules.rules.isEmpty { return "no rule, nothing excluded" }
    }
    return nil
}

private let fixed: [ArchivePath] = [
    "", "a", "a/b", "a/b/c.go", ".git", ".git/HEAD", "node_modules/x/y.js", "é/ü", "[a]", "a*b?c",
    "aaaaaaaaaaaaaaaaaaaaaaaaaab",
].compactMap { try? ArchivePath($0) }

import SourceArchive
import Testing

@Suite struct IgnoreRulesTests {
    @Test(arguments: IgnoreVectors.all)
    func `answers as Docker's matcher does`(vector: IgnoreVectors.Vector) throws {
        guard let expected = vector.excluded else {
            let error = #expect(throws: ArchiveError.self) {
                try IgnoreRules(parsing: Array(vector.ignoreFile.utf8))
            }
            #expect(error?.message.contains("line 1") == true)
            return
        }
        let rules = try IgnoreRules(parsing: Array(vector.ignoreFile.utf8))
        for (bit, text) in IgnoreVectors.paths.enumerated() {
            let isExpected = expected >> UInt64(bit) & 1 == 1
            #expect(try rules.excludes(ArchivePath(text)) == isExpected, "\(text)")
        }
    }

    @Test(arguments: [
        // A backslash before a letter reaches the regular expression below.
        ("a\\d*", "a7", true), ("a\\d*", "ad", false), ("[[:digit:]]x*", "4x", true), ("[^\\d]*", "4", false),
        ("*\\bx", "a.x", true), ("*\\bx", "ax", false),
        // "^" is not escaped outside a class.
        ("^a*", "ab", true), ("a^b*", "a^b", false),
        // "*" and "?" inside a class are translated too.
        ("[?]", "a", false), ("[?]", "^]", true),
        // "." never matches a newline, "*" does.
        ("**/x?", "a\nb/x1", false), ("*x", "a\nx", true),
        // One scalar, not one byte.
        ("a?c", "a\u{1F600}c", true), ("[à-ý]x*", "éx", true), ("**b", "a/ab", true), ("a**", "abc/d", true),
        ("*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ("{a,b}", "{a,b}", true), ("a|b", "a|b", true), ("a$", "a$", true), ("a+*", "a+", true), ("a+*", "aa", false),
    ])
    func `has the odd cases of the translation to an expression`(pattern: String, text: String, isExcluded: Bool) throws
    {
        let rules = try IgnoreRules(parsing: Array(pattern.utf8))
        #expect(try rules.excludes(ArchivePath(text)) == isExcluded)
    }

    @Test func `a question mark takes one byte that is not UTF-8`() throws {
        let rules = try IgnoreRules(parsing: Array("a?c".utf8))
        #expect(try rules.excludes(ArchivePath(validating: [0x61, 0xFF, 0x63])))
        #expect(try !rules.excludes(ArchivePath(validating: [0x61, 0xFF, 0xFE, 0x63])))
    }

    @Test(arguments: ["a\\", "[", "[]a]", "[z-a]*", "\\pL", "a\\Q", "a[-b]", "ok\n\n[", "!/"])
    func `refuses what Docker refuses, with the line`(text: String) throws {
        let error = #expect(throws: ArchiveError.self) { try IgnoreRules(parsing: Array(text.utf8)) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains(text.contains("ok") ? "line 3" : "line 1") == true)
    }

    @Test func `limits the number of patterns and their length`() throws {
        let many = Array(String(repeating: "a\n", count: 2001).utf8)
        #expect(throws: ArchiveError.self) { try IgnoreRules(parsing: many) }
        #expect(throws: ArchiveError.self) { try IgnoreRules(parsing: [UInt8](repeating: 0x61, count: 4097)) }
        #expect(throws: Never.self) { try IgnoreRules(parsing: Array(many.dropLast(2))) }
    }

    @Test func `a hostile pattern costs time in proportion to its length`() throws {
        let rules = try IgnoreRules(parsing: Array((String(repeating: "*a", count: 1000) + "b").utf8))
        let path = try ArchivePath(validating: [UInt8](repeating: 0x61, count: 250))
        let start = ContinuousClock.now
        #expect(!rules.excludes(path))
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func `knows whether it takes paths in again`() throws {
        #expect(try IgnoreRules(parsing: Array("a\n!b".utf8)).hasNegation)
        #expect(try !IgnoreRules(parsing: Array("a\n#!b".utf8)).hasNegation)
        #expect(!IgnoreRules.none.hasNegation)
        #expect(try !IgnoreRules(parsing: Array("*".utf8)).excludes(.root))
    }
}

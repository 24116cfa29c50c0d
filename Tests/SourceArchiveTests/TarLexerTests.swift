import SourceArchive
import Testing

/// Hostile and malformed tars, one fault each.
@Suite struct TarLexerTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let code: ArchiveError.Code
        /// A part of the message.
        let cause: String
        let build: @Sendable (inout TarBuilder) -> Void

        init(
            _ name: String, _ code: ArchiveError.Code, _ cause: String,
            _ build: @escaping @Sendable (inout TarBuilder) -> Void
        ) {
            self.name = name
            self.code = code
            self.cause = cause
            self.build = build
        }

        init(_ name: String, _ cause: String, _ build: @escaping @Sendable (inout TarBuilder) -> Void) {
            self.init(name, .invalid, cause, build)
        }

        var testDescription: String { name }
    }

    static let types: [Fault] = [
        Fault("hard link", .unsafe, "hard link") { $0.member("top/h", type: "1", link: Array("top/a".utf8)) },
        Fault("character device", .unsafe, "device") { $0.member("top/d", type: "3") },
        Fault("block device", .unsafe, "device") { $0.member("top/d", type: "4") },
        Fault("named pipe", .unsafe, "named pipe") { $0.member("top/p", type: "6") },
        Fault("contiguous file", .unsafe, "unknown type \"7\"") { $0.member("top/c", type: "7") },
        Fault("GNU sparse", .unsafe, "sparse") { $0.member("top/s", type: "S") },
        Fault("GNU volume", .unsafe, "unknown type \"V\"") { $0.member("top/v", type: "V") },
        Fault("escape as type", .unsafe, "\\x1b") { $0.member("top/z", type: "\u{1B}") },
        Fault("pax sparse", .unsafe, "sparse") {
            $0.pax("GNU.sparse.major", "1")
            $0.file("top/s")
        },
        Fault("pax sparse name alone", .unsafe, "sparse") {
            $0.pax("GNU.sparse.name", "top/evil")
            $0.file("top/s")
        },
    ]

    static let paths: [Fault] = [
        Fault("traversal", .unsafe, "..") { $0.file("top/../../evil") },
        Fault("traversal of the top folder", .unsafe, "..") { $0.file("../evil") },
        Fault("absolute", .unsafe, "absolute") { $0.file("/etc/passwd") },
        Fault("dot", .unsafe, "'.'") { $0.file("./top/a") },
        Fault("empty component", "empty component") { $0.file("top//a") },
        Fault("file with a slash", "empty component") { $0.file("top/a/") },
        Fault("link with a slash", "empty component") { $0.symlink("top/a/", to: "b") },
        Fault("two slashes", "empty component") { $0.directory("top/a//") },
        Fault("no name", "no name") { $0.file("") },
        Fault("other top folder", "top folder \"top\"") { $0.file("other/a") },
        Fault("top folder as file", "twice") { $0.file("top") },
        Fault("top folder again", "twice") { $0.directory("top/") },
        Fault("duplicate", "twice") {
            $0.file("top/a", "1")
            $0.file("top/a", "2")
        },
        Fault("duplicate directory", "twice") {
            $0.directory("top/d/")
            $0.directory("top/d/")
        },
        Fault("below a file", "below the file \"a\"") {
            $0.file("top/a")
            $0.file("top/a/b")
        },
        Fault("file over a directory", "both a directory") {
            $0.file("top/a/b")
            $0.file("top/a")
        },
        Fault("below a symlink", .unsafe, "below the symbolic link \"s\"") {
            $0.symlink("top/s", to: "/tmp")
            $0.file("top/s/evil")
        },
        Fault("deep below a symlink", .unsafe, "below the symbolic link \"s\"") {
            $0.symlink("top/s", to: "/tmp")
            $0.file("top/s/x/y/evil")
        },
        Fault("pax traversal", .unsafe, "..") {
            $0.pax("path", "top/../../x")
            $0.file("top/a")
        },
        Fault("long name traversal", .unsafe, "absolute") {
            $0.longName("/abs")
            $0.file("top/a")
        },
    ]

    static let fields: [Fault] = [
        Fault("size on a symlink", "has a size") {
            $0.member("top/s", type: "2", contents: [1, 2], link: [0x61])
        },
        Fault("size on a directory", "has a size") { $0.member("top/d/", type: "5", contents: [1]) },
        Fault("pax size on a symlink", "has a size") {
            $0.pax("size", "512")
            $0.symlink("top/s", to: "a")
        },
        Fault("link without target", "no target") { $0.symlink("top/s", to: "") },
        Fault("file with a target", "link target") { $0.member("top/f", type: "0", link: [0x61]) },
        Fault("negative size", "negative") {
            $0.member("top/a", type: "0") { TarBuilder.put([UInt8](repeating: 0xFF, count: 12), at: 124, in: &$0) }
        },
        Fault("huge size", "too large a number") {
            $0.member("top/a", type: "0") {
                TarBuilder.put([0x80] + [UInt8](repeating: 0x7F, count: 11), at: 124, in: &$0)
            }
        },
        Fault("minus in the size", "octal") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("-0000000001\0".utf8), at: 124, in: &$0) }
        },
        Fault("eight in the size", "octal") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("00000000008\0".utf8), at: 124, in: &$0) }
        },
        Fault("digits after the NUL", "octal") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("00000\u{0}00001\0".utf8), at: 124, in: &$0) }
        },
        Fault("bad mode", "mode") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("rwxr-xr".utf8), at: 100, in: &$0) }
        },
        Fault("bad uid", "uid") { $0.member("top/a", type: "0") { TarBuilder.put([0x21], at: 108, in: &$0) } },
        Fault("name after the NUL", "after its NUL") { $0.file("top/a\u{0}b") },
        Fault("no magic", "neither") { $0.member("top/a", type: "0") { TarBuilder.put([0], at: 257, in: &$0) } },
        Fault("ambiguous version", "neither") {
            $0.member("top/a", type: "0") { TarBuilder.put([0, 0], at: 263, in: &$0) }
        },
    ]

    static let metadata: [Fault] = [
        Fault("global path", "global") { $0.pax("path", "top/x", type: "g") },
        Fault("global size", "global") { $0.pax("size", "1", type: "g") },
        Fault("global linkpath", "global") { $0.pax("linkpath", "x", type: "g") },
        Fault("NUL in the pax path", "NUL") {
            $0.pax("path", "top/a\u{0}b")
            $0.file("top/a")
        },
        Fault("NUL in a pax key", "NUL") {
            $0.pax("x\u{0}y", "1")
            $0.file("top/a")
        },
        Fault("empty pax path", "empty") {
            $0.pax("path", "")
            $0.file("top/a")
        },
        Fault("pax path twice", "twice") {
            $0.pax([("path", Array("top/x".utf8)), ("path", Array("top/y".utf8))])
            $0.file("top/a")
        },
        Fault("pax size with a sign", "decimal") {
            $0.pax("size", "+2")
            $0.file("top/a", "12")
        },
        Fault("pax size in hex", "decimal") {
            $0.pax("size", "0x2")
            $0.file("top/a", "12")
        },
        Fault("pax size against the header's", "contradict") {
            $0.pax("size", "1")
            $0.file("top/a", "12")
        },
        Fault("pax and long name", "both") {
            $0.pax("path", "top/x")
            $0.longName("top/y")
            $0.file("top/a")
        },
        Fault("pax and long link", "both") {
            $0.longName("x", type: "K")
            $0.pax("linkpath", "y")
            $0.symlink("top/a", to: "z")
        },
        Fault("two pax headers", "two pax") {
            $0.pax("mtime", "1")
            $0.pax("mtime", "1")
            $0.file("top/a")
        },
        Fault("global between", "between") {
            $0.pax("path", "top/x")
            $0.pax("comment", "c", type: "g")
            $0.file("top/a")
        },
        Fault("too many headers", .tooLarge, "metaBlocks") {
            $0.longName("x", type: "K")
            $0.longName("top/y")
            $0.pax("mtime", "1")
            $0.symlink("top/a", to: "z")
        },
        Fault("pax too large", .tooLarge, "metaBytes") {
            $0.pax("comment", String(repeating: "x", count: 65_536))
            $0.file("top/a")
        },
        Fault("pax length too long", "length") { $0.member("pax", type: "x", contents: Array("99 path=a\n".utf8)) },
        Fault("pax length too short", "length") { $0.member("pax", type: "x", contents: Array("5 path=a\n".utf8)) },
        Fault("pax length huge", "length") {
            $0.member("pax", type: "x", contents: Array("99999999999999999999 path=a\n".utf8))
        },
        Fault("pax without newline", "length") { $0.member("pax", type: "x", contents: Array("9 path=ab".utf8)) },
        Fault("pax without key", "no key") { $0.member("pax", type: "x", contents: Array("5 =a\n".utf8)) },
        Fault("empty long name", "empty") { $0.longName("") },
        Fault("long name after the NUL", "NUL") { $0.longName("top/a\u{0}b") },
        Fault("dangling header", "names a member") { $0.pax("path", "top/x") },
        Fault("data after a zero block", "zero block") {
            $0.raw([UInt8](repeating: 0, count: 512))
            $0.file("top/a")
        },
        Fault("data after the end", "end of the tar") {
            $0.raw([UInt8](repeating: 0, count: 1024))
            $0.file("top/a")
        },
    ]

    @Test(arguments: types + paths + fields + metadata)
    func `refuses`(fault: Fault) throws {
        try Scratch.with { scratch throws in
            let error = try scratch.refusal(
                of: TarBuilder.tar { tar in
                    tar.directory("top/")
                    fault.build(&tar)
                })
            #expect(error.code == fault.code, "\(error)")
            #expect(error.message.contains(fault.cause), "\(error)")
        }
    }

    @Test func `names the member escaped and cut`() throws {
        try Scratch.with { scratch throws in
            let error = try scratch.refusal(
                of: TarBuilder.tar {
                    $0.pax("path", "top/\u{1B}[31m" + String(repeating: "y", count: 5000))
                    $0.member("x", type: "1", link: [0x61])
                })
            #expect(error.member?.hasPrefix("top/\\x1b[31myyy") == true)
            #expect(error.message.utf8.count < 400)
        }
    }

    @Test func `refuses a wrong checksum in the middle`() throws {
        try Scratch.with { scratch throws in
            var tar = TarBuilder.tar {
                $0.file("top/a", "1")
                $0.file("top/b", "2")
            }
            tar[1024 + 100] ^= 1
            let error = try scratch.refusal(of: tar)
            #expect(error.message.contains("checksum"))
            #expect(error.member == "top/b")
        }
    }

    @Test func `needs two zero blocks, and accepts only zeros after them`() throws {
        try Scratch.with { scratch throws in
            let tar = TarBuilder.tar { $0.file("top/a", "1") }
            for cut in stride(from: 0, to: tar.count, by: 512) {
                #expect(try scratch.refusal(of: Array(tar[..<cut])).message.contains("truncated"), "\(cut)")
            }
            #expect(try scratch.refusal(of: Array(tar[..<600])).message.contains("truncated"))
            #expect(try scratch.inspect(tar: tar + [UInt8](repeating: 0, count: 9001)).members == 1)
            #expect(try scratch.refusal(of: tar + [UInt8](repeating: 0, count: 900) + [1]).code == .invalid)
            #expect(try scratch.refusal(of: [UInt8](repeating: 0, count: 1024)).message.contains("no members"))
        }
    }

    @Test func `reads names by pax and GNU, sizes by octal and base-256`() throws {
        try Scratch.with { scratch throws in
            let long = "top/" + String(repeating: "l", count: 200)
            let inspection = try scratch.inspect(
                tar: TarBuilder.tar {
                    $0.longName(long)
                    $0.longName("target", type: "K")
                    $0.symlink("top/cut", to: "cut")
                    $0.pax([("path", Array("top/p=1\n".utf8)), ("size", [0x33]), ("mtime", [0x31])])
                    $0.file("top/other", "abc")
                    $0.member("top/big", type: "0", contents: [1, 2]) {
                        TarBuilder.put([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2], at: 124, in: &$0)
                    }
                    $0.member("top/nul", type: "\0", contents: [9]) {
                        TarBuilder.put(Array("ustar  \0".utf8), at: 257, in: &$0)
                    }
                    $0.file("top/" + String(repeating: "n", count: 96))
                })
            #expect(
                try inspection.kind(of: ArchivePath(String(long.dropFirst(4))))
                    == .symlink(target: Array("target".utf8)))
            #expect(try inspection.captured[ArchivePath("p=1\n")] == Array("abc".utf8))
            #expect(try inspection.captured[ArchivePath("big")] == [1, 2])
            #expect(try inspection.captured[ArchivePath("nul")] == [9])
            #expect(try inspection.kind(of: ArchivePath(String(repeating: "n", count: 96))) == .file(size: 0))
        }
    }

    @Test func `pieces of any size give the same result`() throws {
        try Scratch.with { scratch throws in
            let tar = TarBuilder.tar {
                $0.pax("comment", String(repeating: "a1", count: 20), type: "g")
                $0.directory("top/")
                $0.pax("path", "top/" + String(repeating: "p", count: 150))
                $0.file("top/x", String(repeating: "data", count: 300))
                $0.symlink("top/s", to: "x")
                $0.file("top/empty")
            }
            let whole = try scratch.inspect(tar: tar)
            for windowBytes in [1, 2, 7, 511, 512, 513, 4096] {
                let pieces = try scratch.inspect(windowBytes: windowBytes)
                #expect(pieces.captured == whole.captured)
                #expect(pieces.commit == whole.commit)
                #expect(pieces.members == whole.members)
                #expect(pieces.members == 3)
            }
        }
    }

    @Test func `limits members, one file, captured files and the index`() throws {
        try Scratch.with { scratch throws in
            let tar = TarBuilder.tar {
                $0.directory("top/")
                $0.file("top/a", "12345")
                $0.file("top/b", "12345")
            }
            let cases: [(WritableKeyPath<ArchiveLimits, Int>, Int, String)] = [
                (\.members, 2, "members"), (\.indexBytes, 1, "indexBytes"), (\.depth, 1, "depth"),
            ]
            for (field, value, name) in cases {
                var limits = ArchiveLimits.standard
                limits[keyPath: field] = value
                let error = try scratch.refusal(of: tar, limits: limits)
                #expect(error.limit == name)
                #expect(error.message.contains("\(name) (\(value)"))
                limits[keyPath: field] += 1
                #expect(try scratch.inspect(tar: tar, limits: limits).members == 2)
            }
            let sizes: [(WritableKeyPath<ArchiveLimits, Int64>, Int64, String)] = [
                (\.fileBytes, 4, "fileBytes"), (\.capturedFileBytes, 4, "capturedFileBytes"),
                (\.capturedTotalBytes, 9, "capturedTotalBytes"),
            ]
            for (field, value, name) in sizes {
                var limits = ArchiveLimits.standard
                limits[keyPath: field] = value
                #expect(try scratch.refusal(of: tar, limits: limits).limit == name)
                limits[keyPath: field] += 1
                #expect(try scratch.inspect(tar: tar, limits: limits).members == 2)
            }
        }
    }

    @Test func `directories that are only implied count as members`() throws {
        try Scratch.with { scratch throws in
            var limits = ArchiveLimits.standard
            limits.members = 100
            let error = try scratch.refusal(
                of: TarBuilder.tar { tar in
                    for index in 0..<10 { tar.file("top/\(index)/b/c/d/e/f/g/h/i/j/k/l") }
                }, limits: limits)
            #expect(error.limit == "members")
        }
    }
}

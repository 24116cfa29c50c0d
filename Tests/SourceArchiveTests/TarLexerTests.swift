import SourceArchive
import Testing

/// What the reader of tars does beside judging one member; the kinds of hostile archives are in ``HostileArchive``.
@Suite struct TarLexerTests {
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

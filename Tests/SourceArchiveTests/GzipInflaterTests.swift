import SourceArchive
import Testing

@Suite struct GzipInflaterTests {
    private static let tar = TarBuilder.tar { tar in
        tar.directory("top/")
        tar.file("top/a", String(repeating: "x", count: 700))
    }

    @Test func `joins several members and accepts NUL padding`() throws {
        try Scratch.with { scratch throws in
            let tar = Self.tar
            let gzip =
                GzipBuilder.member(Array(tar[..<700])) + GzipBuilder.member([]) + GzipBuilder.member(Array(tar[700...]))
            let path = try ArchivePath("a")
            #expect(try scratch.inspect(gzip: gzip).captured[path]?.count == 700)
            #expect(try scratch.inspect(gzip: gzip + [UInt8](repeating: 0, count: 1000)).members == 1)
        }
    }

    @Test func `accepts the optional header fields`() throws {
        try Scratch.with { scratch throws in
            let name = Array("name\0comment\0".utf8)
            let gzip = GzipBuilder.member(Self.tar, flags: 0x18, extraHeader: name)
            #expect(try scratch.inspect(gzip: gzip).members == 1)
        }
    }

    @Test func `refuses a cut at every block and at every byte of the trailer`() throws {
        try Scratch.with { scratch throws in
            let gzip = GzipBuilder.member(Self.tar)
            let cuts = Array(stride(from: 0, to: gzip.count - 8, by: 512)) + Array(gzip.count - 8..<gzip.count)
            for cut in cuts {
                #expect(try scratch.refusal(ofGzip: Array(gzip[..<cut])).code == .invalid, "cut at \(cut)")
            }
            #expect(try scratch.inspect(gzip: gzip).members == 1)
        }
    }

    @Test func `refuses a wrong checksum, a wrong length and reserved flags`() throws {
        try Scratch.with { scratch throws in
            let good = GzipBuilder.member(Self.tar)
            for (position, bit) in [(good.count - 8, 1), (good.count - 1, 0x80), (3, 0x20), (3, 0x80), (0, 1), (2, 1)] {
                var gzip = good
                gzip[position] ^= UInt8(bit)
                #expect(try scratch.refusal(ofGzip: gzip).message.contains("damaged"), "byte \(position)")
            }
        }
    }

    @Test func `refuses bytes after the last member`() throws {
        try Scratch.with { scratch throws in
            let good = GzipBuilder.member(Self.tar)
            for tail: [UInt8] in [[1], [0, 0, 1], [0x1F], [0x1F, 0x8C], Array("garbage".utf8), [0] + good] {
                #expect(try scratch.refusal(ofGzip: good + tail).code == .invalid, "\(tail.prefix(8))")
            }
        }
    }

    @Test func `stops a bomb by its ratio`() throws {
        try Scratch.with { scratch throws in
            try scratch.shell("head -c 24M /dev/zero | gzip -9 > bomb.tar.gz")
            let error = #expect(throws: ArchiveError.self) {
                try inspectSource(
                    .archive(spool: "\(scratch.path)/bomb.tar.gz"), capture: { _, _ in false }, isCancelled: { false })
            }
            #expect(error?.limit == "ratio")
            #expect(error?.message.contains("1000") == true)
        }
    }

    @Test func `limits the compressed and the expanded size`() throws {
        try Scratch.with { scratch throws in
            var limits = ArchiveLimits.standard
            limits.expandedBytes = Int64(Self.tar.count)
            let gzip = GzipBuilder.member(Self.tar)
            limits.compressedBytes = Int64(gzip.count)
            #expect(try scratch.inspect(gzip: gzip, limits: limits).members == 1)
            limits.expandedBytes -= 1
            #expect(try scratch.refusal(ofGzip: gzip, limits: limits).limit == "expandedBytes")
            limits.expandedBytes += 1
            limits.compressedBytes -= 1
            #expect(try scratch.refusal(ofGzip: gzip, limits: limits).limit == "compressedBytes")
        }
    }

    @Test func `fifty thousand empty members cost little`() throws {
        try Scratch.with { scratch throws in
            let empty = GzipBuilder.member([])
            let gzip = GzipBuilder.member(Self.tar) + Array(repeatElement(empty, count: 50_000).joined())
            let start = ContinuousClock.now
            #expect(try scratch.inspect(gzip: gzip).members == 1)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }
}

import SourceArchive
import Testing

@Suite struct WriteContextTests {
    private static let plan = ContextPlan(
        contextDirectory: .root, ignore: .none, dockerfile: .injected(name: ".dockerfile.0", contents: [0x46]),
        mtime: 1_700_000_000)

    /// Lists a tar with Python's own reader, one escaped line for each member.
    private static let list = """
        python3 - <<'END'
        import tarfile, hashlib
        for m in tarfile.open('context.tar', 'r:', encoding='utf-8', errors='surrogateescape'):
            assert (m.uid, m.gid, m.uname, m.gname) == (0, 0, '', '')
            body = tarfile.open('context.tar').extractfile(m).read() if m.isreg() else b''
            data = hashlib.sha256(body).hexdigest()[:8] if m.isreg() else ''
            print(ascii(m.name), m.type.decode(), oct(m.mode), int(m.mtime), m.size, ascii(m.linkname), data)
        END
        """

    private func names(_ scratch: Scratch, _ plan: ContextPlan, _ tree: SourceTree) throws -> [String] {
        let context = try scratch.context(of: tree, plan)
        try scratch.write("context.tar", context.tar)
        return try scratch.shell("tar -tf context.tar --quoting-style=escape").split(separator: "\n").map(String.init)
    }

    private func archive(_ scratch: Scratch, _ build: (inout TarBuilder) -> Void) throws -> SourceTree {
        .archive(spool: try scratch.write("source.tar.gz", GzipBuilder.member(TarBuilder.tar(build))))
    }

    @Test func `other readers see the same members and contents`() throws {
        try Scratch.with { scratch throws in
            try scratch.shell(InspectSourceTests.repository)
            let tree = SourceTree.archive(spool: "\(scratch.path)/repo.tar.gz")
            let (tar, summary) = try scratch.context(of: tree, Self.plan)
            try scratch.write("context.tar", tar)
            #expect(summary.bytes == Int64(tar.count))
            let digest = try contextDigest(of: tree, plan: Self.plan, isCancelled: { false })
            #expect(try scratch.shell("sha256sum < context.tar") == "\(digest)  -\n")
            // What tarfile reads from git's own archive, with our owner, modes and time, is what it reads from ours.
            let listing = try scratch.shell(Self.list).split(separator: "\n").map { String($0) }
            try scratch.shell("gzip -dc repo.tar.gz > context.tar")
            let original = try scratch.shell(Self.list.replacing("(0, 0, '', '')", with: "(0, 0, 'root', 'root')"))
            let expected = original.split(separator: "\n").dropFirst().map { line in
                String(line).replacing("O-R-abc1234/", with: "").replacing("0o775", with: "0o755").replacing(
                    "0o664", with: "0o644")
            }
            #expect(Array(listing.dropFirst(2)) == expected)
            #expect(listing.first == "'.' 5 0o755 1700000000 0 '' ")
            #expect(listing.dropFirst().first?.hasPrefix("'.dockerfile.0' 0 0o644 1700000000 1") == true)
            #expect(summary.files == listing.count { $0.contains(" 0 0o") })
            try scratch.write("context.tar", tar)
            let verbose = try scratch.shell("tar -tvf context.tar --quoting-style=escape")
            #expect(verbose.split(separator: "\n").count == listing.count)
            #expect(verbose.contains("-rwxr-xr-x 0/0"))
            #expect(verbose.contains("src/b\\377d\\nname"))
        }
    }

    @Test func `starts with a plain header and ends with two zero blocks`() throws {
        try Scratch.with { scratch throws in
            let tree = try archive(scratch) {
                $0.pax("path", "top/" + String(repeating: "p", count: 150))
                $0.file("top/x", "abc")
            }
            let (tar, _) = try scratch.context(of: tree, Self.plan)
            #expect(tar[156] == UInt8(ascii: "5"))
            #expect(Array(tar[257..<265]) == Array("ustar\u{0}00".utf8))
            #expect(tar.count % 512 == 0)
            #expect(tar.suffix(1024).allSatisfy { $0 == 0 })
            #expect(!tar.dropLast(1024).suffix(512).allSatisfy { $0 == 0 })
            // ./, the Dockerfile, pax header and record, the file and its block, the end.
            #expect(tar.count == 512 * (1 + 2 + 2 + 2 + 2))
        }
    }

    @Test func `a directory gives the same bytes as the archive of its files`() throws {
        try Scratch.with { scratch throws in
            try scratch.shell(InspectSourceTests.repository)
            try scratch.shell("rm -rf repo/sub/.git && rmdir repo/src/deep")
            let ofArchive = try scratch.context(of: .archive(spool: "\(scratch.path)/repo.tar.gz"), Self.plan)
            let ofDirectory = try scratch.context(of: .directory(path: "\(scratch.path)/repo"), Self.plan)
            #expect(ofArchive.summary == ofDirectory.summary)
            #expect(ofArchive.tar == ofDirectory.tar)
        }
    }

    @Test func `keeps what the rules take in again, with its directories, and what must stay`() throws {
        try Scratch.with { scratch throws in
            let tree = try archive(scratch) {
                $0.directory("top/")
                for name in ["Dockerfile", ".dockerignore", "a/keep", "a/drop", "b/c/in", "node_modules/x", "z"] {
                    $0.file("top/\(name)")
                }
            }
            var plan = Self.plan
            plan.dockerfile = .inContext(try ArchivePath("Dockerfile"))
            plan.ignore = try IgnoreRules(parsing: Array("*\n!a/keep\n".utf8))
            #expect(try names(scratch, plan, tree) == ["./", "Dockerfile", "a/", "a/keep"])
            plan.alwaysKeep = [try ArchivePath("b/c/in"), try ArchivePath(".dockerignore")]
            plan.ignore = try IgnoreRules(parsing: Array("*\n".utf8))
            #expect(try names(scratch, plan, tree) == ["./", "Dockerfile", ".dockerignore", "b/", "b/c/", "b/c/in"])
            plan.omitIgnoreFile = true
            plan.ignore = try IgnoreRules(parsing: Array("**/node_modules\na".utf8))
            #expect(try names(scratch, plan, tree) == ["./", "Dockerfile", "b/", "b/c/", "b/c/in", "z"])
        }
    }

    @Test func `an ignore file of the plan takes the place of the source's`() throws {
        try Scratch.with { scratch throws in
            let tree = try archive(scratch) {
                $0.file("top/.dockerignore", "source")
                $0.file("top/a")
                $0.file("top/sub/.dockerignore", "another")
            }
            var plan = Self.plan
            plan.ignoreFile = Array("*.tmp\n.dockerfile.0\n".utf8)
            #expect(
                try names(scratch, plan, tree) == [
                    "./", ".dockerfile.0", ".dockerignore", "a", "sub/", "sub/.dockerignore",
                ])
            #expect(try scratch.shell("tar -xOf context.tar .dockerignore") == "*.tmp\n.dockerfile.0\n")
        }
    }

    @Test func `does not open a directory that the rules exclude`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("d/Dockerfile", "FROM scratch")
            try scratch.write("d/secret/x/y", "1")
            try scratch.write("d/" + String(repeating: "e/", count: 40) + "f", "1")
            var plan = Self.plan
            plan.dockerfile = .inContext(try ArchivePath("Dockerfile"))
            plan.ignore = try IgnoreRules(parsing: Array("secret\ne".utf8))
            var limits = ArchiveLimits.standard
            limits.directoryMembers = 3  // Dockerfile, e, secret.
            let tree = SourceTree.directory(path: "\(scratch.path)/d")
            #expect(try scratch.context(of: tree, plan, limits: limits).summary.files == 1)
            plan.alwaysKeep = [try ArchivePath("secret/x/y")]
            #expect(try names(scratch, plan, tree) == ["./", "Dockerfile", "secret/", "secret/x/", "secret/x/y"])
        }
    }

    @Test func `a subdirectory becomes the root`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("d/apps/web/Dockerfile", "FROM scratch")
            try scratch.write("d/apps/web/src/a", "1")
            try scratch.write("d/apps/webby/b", "1")
            try scratch.write("d/z", "1")
            try scratch.shell(
                "ln -s ../z d/apps/web/up && tar -C d --transform 's,^./,t/,' -cf - ./apps/web/up > /dev/null")
            var plan = Self.plan
            plan.contextDirectory = try ArchivePath("apps/web")
            plan.dockerfile = .inContext(try ArchivePath("Dockerfile"))
            let tree = SourceTree.directory(path: "\(scratch.path)/d")
            #expect(try names(scratch, plan, tree) == ["./", "Dockerfile", "src/", "src/a", "up"])
            #expect(try scratch.context(of: tree, plan).summary.warnings.count == 1)
        }
    }

    @Test func `refuses a plan that the source does not fit`() throws {
        try Scratch.with { scratch throws in
            let tree = try archive(scratch) {
                $0.file("top/Dockerfile")
                $0.file("top/d/f")
                $0.symlink("top/link", to: "Dockerfile")
            }
            let fits: [(context: String, dockerfile: String, cause: String)] = [
                ("nowhere", "Dockerfile", "not in the source"), ("Dockerfile", "x", "not a directory"),
                ("link", "x", "not a directory"), ("", "missing", "Dockerfile is not a file"),
                ("", "link", "Dockerfile is not a file"), ("", "d", "Dockerfile is not a file"),
            ]
            for fit in fits {
                var plan = Self.plan
                plan.contextDirectory = try ArchivePath(fit.context)
                plan.dockerfile = .inContext(try ArchivePath(fit.dockerfile))
                let error = #expect(throws: ArchiveError.self) { try scratch.context(of: tree, plan) }
                #expect(error?.message.contains(fit.cause) == true)
            }
            for name in ["Dockerfile", "a/b", ""] {
                var plan = Self.plan
                plan.dockerfile = .injected(name: name, contents: [])
                #expect(throws: ArchiveError.self) { try scratch.context(of: tree, plan) }
            }
        }
    }

    @Test func `throws for a damaged source before it has handed out the end`() throws {
        try Scratch.with { scratch throws in
            var gzip = GzipBuilder.member(TarBuilder.tar { $0.file("top/a", String(repeating: "x", count: 300_000)) })
            gzip[gzip.count - 6] ^= 1  // The CRC, after everything else is good.
            let spool = try scratch.write("bad.tar.gz", gzip)
            var bytes = 0
            #expect(throws: ArchiveError.self) {
                try writeContext(
                    of: .archive(spool: spool), plan: Self.plan, isCancelled: { false }, to: { bytes += $0.count })
            }
            #expect(bytes == 256 << 10)
        }
    }

    @Test func `notices a file that changes while it is read`() throws {
        try Scratch.with { scratch throws in
            for (change, code) in [
                ("truncate -s 300000 d/big", ArchiveError.Code.changed), ("truncate -s 900000 d/big", .changed),
                ("rm d/z", .changed), ("rm d/z && ln -s big d/z", .changed), ("rm d/z && mkdir d/z", .changed),
                ("printf longer > d/z", .changed), ("printf 2 > d/z", .changed), ("touch -d @1 d/z", .changed),
                ("printf x | dd conv=notrunc of=d/big status=none", .changed), ("touch -d @1 d/big", .changed),
            ] {
                try scratch.write("d/big", [UInt8](repeating: 1, count: 700_000))
                try scratch.write("d/z", "1")
                var hasChanged = false
                let error = #expect(throws: ArchiveError.self, "\(change)") {
                    try writeContext(
                        of: .directory(path: "\(scratch.path)/d"), plan: Self.plan, isCancelled: { false },
                        to: { _ in
                            if !hasChanged { try scratch.shell(change) }
                            hasChanged = true
                        })
                }
                #expect(error?.code == code, "\(change): \(String(describing: error))")
                try scratch.shell("rm -r d")
            }
        }
    }

    @Test func `the same commit and plan give the same digest, however the archive was packed`() throws {
        try Scratch.with { scratch throws in
            try scratch.shell(InspectSourceTests.repository)
            try scratch.shell(
                """
                cd repo && git archive --format=tar --prefix=other-name-1234567/ HEAD | gzip -9 > ../packed.tar.gz
                git -c tar.umask=0077 archive --format=tar --prefix=O/ HEAD | gzip -1 > ../masked.tar.gz
                """)
            let digests = try ["repo", "packed", "masked"].map { name in
                try contextDigest(
                    of: .archive(spool: "\(scratch.path)/\(name).tar.gz"), plan: Self.plan, isCancelled: { false })
            }
            #expect(Set(digests).count == 1)
            var plan = Self.plan
            plan.ignore = try IgnoreRules(parsing: Array("big".utf8))
            let tree = SourceTree.archive(spool: "\(scratch.path)/repo.tar.gz")
            #expect(try contextDigest(of: tree, plan: plan, isCancelled: { false }) != digests[0])
        }
    }

    @Test func `a context that is not the expected one is not finished`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("d/a", "1")
            let tree = SourceTree.directory(path: "\(scratch.path)/d")
            var plan = Self.plan
            plan.expectedDigest = try contextDigest(of: tree, plan: plan, isCancelled: { false })
            let whole = try scratch.context(of: tree, plan).tar.count
            try scratch.write("d/a", "2")
            var bytes = 0
            let error = #expect(throws: ArchiveError.self) {
                try writeContext(of: tree, plan: plan, isCancelled: { false }, to: { bytes += $0.count })
            }
            #expect(error?.code == .changed)
            #expect(bytes < whole)
        }
    }

    @Test func `throws what the sink throws, and stops`() throws {
        struct Broken: Error {}
        try Scratch.with { scratch throws in
            try scratch.write("d/big", [UInt8](repeating: 1, count: 700_000))
            var calls = 0
            #expect(throws: Broken.self) {
                try writeContext(
                    of: .directory(path: "\(scratch.path)/d"), plan: Self.plan, isCancelled: { false },
                    to: { _ in
                        calls += 1
                        throw Broken()
                    })
            }
            #expect(calls == 1)
        }
    }

    @Test func `limits what enters the context, not what a directory holds`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("d/a", [UInt8](repeating: 1, count: 5000))
            try scratch.write("d/node_modules/m", [UInt8](repeating: 1, count: 50_000))
            var limits = ArchiveLimits.standard
            limits.expandedBytes = 20_000
            limits.members = 2
            let tree = SourceTree.directory(path: "\(scratch.path)/d")
            #expect(
                try inspectSource(tree, limits: limits, capture: { _, _ in false }, isCancelled: { false }).members == 3
            )
            for limit in ["members", "expandedBytes"] {
                let error = #expect(throws: ArchiveError.self) {
                    try scratch.context(of: tree, Self.plan, limits: limits)
                }
                #expect(error?.limit == limit)
                limits.members = 4
            }
            limits.members = 2
            var plan = Self.plan
            plan.ignore = try IgnoreRules(parsing: Array("node_modules".utf8))
            #expect(try scratch.context(of: tree, plan, limits: limits).summary.files == 2)
        }
    }
}

import Testing

@testable import SourceArchive

/// What we write, GNU tar, bsdtar and Python's tarfile read as we do: names, kinds, modes, targets and contents.
@Suite struct OtherReadersTests {
    /// Lists each `N.tar` as each reader sees it, in the form of ``listing(of:)``, by what tar and bsdtar extract.
    ///
    /// `-P` keeps bsdtar from taking `C:` off a name.
    private static let compare = """
        python3 - <<'END'
        import os, pathlib, shutil, stat, subprocess, tarfile, zlib
        def extracted(command):
            shutil.rmtree('out', ignore_errors=True); os.mkdir('out')
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
            for root, directories, files in os.walk(b'out'):
                for path in [os.path.join(root, name) for name in directories + files]:
                    status, name = os.lstat(path), path[4:].hex()
                    if stat.S_ISLNK(status.st_mode): yield f'{name} link 777 {os.readlink(path).hex()}'
                    elif stat.S_ISDIR(status.st_mode): yield f'{name} directory {stat.S_IMODE(status.st_mode):o} '
                    else: yield f'{name} file {stat.S_IMODE(status.st_mode):o} {zlib.crc32(pathlib.Path(os.fsdecode(path)).read_bytes())}'
        def listed(path):
            with tarfile.open(path, 'r:', encoding='utf-8', errors='surrogateescape') as archive:
                for member in archive:
                    name = os.fsencode(member.name).hex()
                    if member.name == '.': continue
                    if member.issym(): yield f'{name} link {member.mode:o} {os.fsencode(member.linkname).hex()}'
                    elif member.isdir(): yield f'{name} directory {member.mode:o} '
                    else: yield f'{name} file {member.mode:o} {zlib.crc32(archive.extractfile(member).read())}'
        for path in sorted(pathlib.Path('.').glob('*.tar')):
            ours = sorted(path.with_suffix('.list').read_text().splitlines())
            for reader, lines in (('tarfile', listed(path)),
                                  ('tar', extracted(['tar', '--no-same-owner', '-xpf', path, '-C', 'out'])),
                                  ('bsdtar', extracted(['bsdtar', '--no-same-owner', '-xpPf', path, '-C', 'out']))):
                theirs = sorted(lines)
                if theirs != ours: print(path, reader, [line for line in theirs + ours if (line in theirs) != (line in ours)])
        END
        """

    @Test func `every accepted kind of archive reads the same as we wrote it`() throws {
        try Scratch.with { scratch throws in
            let accepted = HostileArchiveTests.kinds.filter { kind in
                if case .accepted = kind.outcome { true } else { false }
            }
            try #require(accepted.count >= 40)
            for (number, kind) in accepted.enumerated() {
                let spool = try scratch.write("spool.tar.gz", kind.bytes)
                try write(scratch, spool: spool, as: "\(number)")
            }
            #expect(try scratch.shell(Self.compare) == "")
        }
    }

    @Test func `a repository reads the same as we wrote it`() throws {
        try Scratch.with { scratch throws in
            try scratch.shell(InspectSourceTests.repository)
            let lines = try write(scratch, spool: "\(scratch.path)/repo.tar.gz", as: "repository")
            #expect(lines.count >= 20)
            #expect(lines.contains { $0.contains(" file 755 ") })
            #expect(try scratch.shell(Self.compare) == "")
            // A comparison that finds nothing must be one that would.
            try scratch.shell("sed -i s/755/644/ repository.list")
            #expect(try scratch.shell(Self.compare).contains("bsdtar"))
        }
    }

    @discardableResult
    private func write(_ scratch: Scratch, spool: String, as name: String) throws -> [String] {
        let plan = ContextPlan(
            contextDirectory: .root, ignore: .none, dockerfile: .injected(name: ".dockerfile.0", contents: [0x46]),
            mtime: 1_700_000_000)
        let tar = try scratch.context(of: .archive(spool: spool), plan).tar
        try scratch.write("\(name).tar", tar)
        let lines = try listing(of: tar)
        try scratch.write("\(name).list", lines.joined(separator: "\n"))
        return lines
    }

    /// What our own reader finds: a line for each member below `./`.
    private func listing(of tar: [UInt8]) throws -> [String] {
        var lexer = TarLexer(limits: .standard)
        var offset = 0
        var lines: [String] = []
        var open: (head: String, contents: [UInt8])?
        reading: while true {
            switch try lexer.next(in: tar[...], at: &offset) {
            case .needsInput: break reading
            case .data(let range): open?.contents += tar[range]
            case .member(let member):
                let name = hex(member.kind == .directory ? Array(member.name.dropLast()) : member.name)
                let mode = String(member.mode, radix: 8)
                switch member.kind {
                case .directory: lines.append("\(name) directory \(mode) ")
                case .symlink(let target): lines.append("\(name) link \(mode) \(hex(target))")
                case .file: open = ("\(name) file \(mode)", [])
                }
            case .endOfMember:
                if let open { lines.append("\(open.head) \(GzipBuilder.crc32(open.contents))") }
                open = nil
            }
        }
        try lexer.finish()
        return lines.filter { !$0.hasPrefix("2e directory ") }
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    }
}

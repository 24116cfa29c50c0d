import SourceArchive
import Testing

/// Archives that a real `git archive` wrote, and directories.
@Suite struct InspectSourceTests {
    /// A repository with what Git can hold: long names, links, bytes that are not UTF-8, an empty submodule.
    static let repository = """
        git init -q -b main repo && cd repo
        mkdir -p .runner src/deep && printf 'runner: {}\\n' > .runner/config.yml
        printf 'FROM scratch\\n' > Dockerfile
        printf '#!/bin/sh\\n' > run.sh && chmod 755 run.sh
        ln -s ../../etc/passwd src/out && ln -s Dockerfile link
        ln -s "$(printf 'x%.0s' $(seq 150))" longlink
        printf '\\377\\n' > "$(printf 'src/b\\377d\\nname')"
        d="$(printf 'd%.0s' $(seq 80))"; mkdir -p "$d/$d/$d/$d"
        printf 1 > "$d/f"; printf 2 > "$d/$d/f"; printf 3 > "$d/$d/$d/f"; printf 4 > "$d/$d/$d/$d/f"
        head -c 700000 /dev/urandom > big
        git init -q sub && git -C sub commit -q --allow-empty -m sub
        git add -A 2> /dev/null && git commit -q -m one
        git archive --format=tar.gz --prefix=O-R-abc1234/ -o ../repo.tar.gz HEAD
        git rev-parse HEAD
        """

    @Test func `reads what git archive writes`() throws {
        try Scratch.with { scratch throws in
            let commit = try scratch.shell(Self.repository).split(separator: "\n").last.map(String.init)
            let inspection = try inspectSource(
                .archive(spool: "\(scratch.path)/repo.tar.gz"), capture: { path, size in size < 100 },
                isCancelled: { false })
            #expect(inspection.commit == commit)
            #expect(inspection.commitTime == 1_700_000_000)
            #expect(try inspection.captured[ArchivePath(".runner/config.yml")] == Array("runner: {}\n".utf8))
            #expect(try inspection.captured[ArchivePath("Dockerfile")] == Array("FROM scratch\n".utf8))
            let bad = try ArchivePath(validating: Array("src/b".utf8) + [0xFF] + Array("d\nname".utf8))
            #expect(inspection.captured[bad] == [0xFF, 0x0A])
            let part = String(repeating: "d", count: 80)
            for depth in 1...4 {
                let path = try ArchivePath(String(repeating: part + "/", count: depth) + "f")
                #expect(inspection.captured[path] == Array(String(depth).utf8))
            }
            #expect(try inspection.kind(of: ArchivePath("big")) == .file(size: 700_000))
            #expect(try inspection.kind(of: ArchivePath("sub")) == .directory)
            #expect(try inspection.kind(of: ArchivePath("link")) == .symlink(target: Array("Dockerfile".utf8)))
            #expect(
                try inspection.kind(of: ArchivePath("longlink"))
                    == .symlink(target: [UInt8](repeating: UInt8(ascii: "x"), count: 150)))
            #expect(inspection.kind(of: .root) == .directory)
            #expect(try inspection.kind(of: ArchivePath("link/x")) == nil)
            #expect(try inspection.symlink(onTheWayTo: ArchivePath("link/x"))?.description == "link")
            #expect(try inspection.symlink(onTheWayTo: ArchivePath("src/deep")) == nil)
            #expect(inspection.warnings == ["the symbolic link \"src/out\" points outside: \"../../etc/passwd\""])
        }
    }

    @Test func `reads an archive of a bare tree and of a tree without files`() throws {
        try Scratch.with { scratch throws in
            try scratch.shell(
                """
                git init -q -b main r && cd r && echo x > f && git add f && git commit -q -m one
                git archive --format=tar.gz --prefix=t/ -o ../tree.tar.gz HEAD^{tree}
                git archive --format=tar.gz --prefix=t/ -o ../empty.tar.gz "$(git mktree < /dev/null)"
                """)
            let tree = try inspectSource(
                .archive(spool: "\(scratch.path)/tree.tar.gz"), capture: { _, _ in false }, isCancelled: { false })
            #expect(tree.commit == nil)
            #expect(tree.members == 1)
            let empty = try inspectSource(
                .archive(spool: "\(scratch.path)/empty.tar.gz"), capture: { _, _ in false }, isCancelled: { false })
            #expect(empty.members == 0)
        }
    }

    @Test func `refuses every cut of a real archive`() throws {
        try Scratch.with { scratch throws in
            try scratch.shell(
                """
                git init -q -b main r && cd r && mkdir d && head -c 3000 /dev/urandom > d/f && echo x > g && git add -A
                git commit -q -m one && git archive --format=tar --prefix=t/ HEAD | gzip -n > ../r.tar.gz
                base64 -w0 ../r.tar.gz > ../r.b64
                """)
            let spool = "\(scratch.path)/r.tar.gz"
            let size = try #require(Int(scratch.shell("stat -c %s r.tar.gz | tr -d '\\n'")))
            _ = try inspectSource(.archive(spool: spool), capture: { _, _ in false }, isCancelled: { false })
            for cut in Array(stride(from: 0, to: size - 16, by: 512)) + Array(size - 16..<size) {
                try scratch.shell("head -c \(cut) r.tar.gz > cut.tar.gz")
                #expect(throws: ArchiveError.self, "cut at \(cut)") {
                    try inspectSource(
                        .archive(spool: "\(scratch.path)/cut.tar.gz"), capture: { _, _ in false },
                        isCancelled: { false })
                }
            }
        }
    }

    @Test func `answers a directory as the archive of the same files`() throws {
        try Scratch.with { scratch throws in
            try scratch.shell(Self.repository)
            let capture: @Sendable (ArchivePath, Int64) -> Bool = { _, size in size < 100 }
            let archive = try inspectSource(
                .archive(spool: "\(scratch.path)/repo.tar.gz"), capture: capture, isCancelled: { false })
            // Git has no empty directories, and its archive none of a submodule's files.
            try scratch.shell("rm -rf repo/sub/.git && rmdir repo/src/deep")
            let directory = try inspectSource(
                .directory(path: "\(scratch.path)/repo"), capture: capture, isCancelled: { false })
            #expect(directory.captured == archive.captured)
            #expect(directory.members == archive.members)
            #expect(directory.expandedBytes == archive.expandedBytes)
            #expect(directory.warnings == archive.warnings)
            #expect(directory.commit == nil)
            #expect(directory.commitTime == 0)
            #expect(try directory.kind(of: ArchivePath(".git")) == nil)
            #expect(try directory.kind(of: ArchivePath("link")) == .symlink(target: Array("Dockerfile".utf8)))
        }
    }

    @Test func `leaves out sockets and pipes of a directory, with a warning, and waits for none`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("d/file", "x")
            try scratch.shell(
                "mkfifo d/pipe && python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"d/s\")'")
            let inspection = try inspectSource(
                .directory(path: "\(scratch.path)/d"), capture: { _, _ in true }, isCancelled: { false })
            #expect(inspection.members == 1)
            #expect(inspection.warnings.count == 2)
            #expect(try inspection.kind(of: ArchivePath("pipe")) == nil)
        }
    }

    @Test func `follows no link out of a directory`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("outside/secret", "canary")
            try scratch.write("d/real/file", "x")
            try scratch.shell(
                "ln -s ../outside d/there && ln -s ../../outside/secret d/real/file2 && ln -s . d/self && ln -s d root")
            let inspection = try inspectSource(
                .directory(path: "\(scratch.path)/root"), capture: { _, _ in true }, isCancelled: { false })
            #expect(try inspection.captured == [ArchivePath("real/file"): Array("x".utf8)])
            #expect(inspection.members == 5)
            #expect(inspection.warnings.count == 2)
        }
    }

    @Test func `a directory that becomes a link while it is read is not entered`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("outside/secret", "canary")
            try scratch.write("d/a", "1")
            try scratch.write("d/b/secret", "2")
            let error = #expect(throws: ArchiveError.self) {
                try inspectSource(
                    .directory(path: "\(scratch.path)/d"),
                    capture: { path, _ in
                        // After the listing of d, before b is opened.
                        if path.description == "a" {
                            _ = try? scratch.shell("rm -r d/b && ln -s ../outside d/b")
                        }
                        return true
                    }, isCancelled: { false })
            }
            #expect(error?.code == .changed)
        }
    }

    @Test func `looks a member of a directory up without following links`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("d/a/b/file", "xyz")
            try scratch.shell("ln -s a d/link && ln -s b/file d/a/l && mkfifo d/pipe")
            func kind(_ path: String) throws -> MemberKind? {
                try memberKind(at: ArchivePath(path), inDirectory: "\(scratch.path)/d")
            }
            #expect(try kind("a/b/file") == .file(size: 3))
            #expect(try kind("a/b") == .directory)
            #expect(try kind("") == .directory)
            #expect(try kind("a/l") == .symlink(target: Array("b/file".utf8)))
            for path in ["link/b/file", "a/l/x", "a/b/file/x", "missing", "missing/x", "pipe"] {
                #expect(try kind(path) == nil, "\(path)")
            }
            #expect(throws: ArchiveError.self) { try memberKind(at: .root, inDirectory: "\(scratch.path)/none") }
        }
    }

    @Test func `says which source cannot be read, and why`() throws {
        for tree in [SourceTree.archive(spool: "/nowhere/x.tar.gz"), .directory(path: "/nowhere/x")] {
            let error = #expect(throws: ArchiveError.self) {
                try inspectSource(tree, capture: { _, _ in false }, isCancelled: { false })
            }
            #expect(error?.code == .io)
            #expect(error?.message.contains("/nowhere/x") == true)
            #expect(error?.message.contains("No such file") == true)
        }
    }

    @Test func `stops when it is cancelled`() throws {
        try Scratch.with { scratch throws in
            try scratch.write("d/file", "x")
            try scratch.write("a.tar.gz", GzipBuilder.member(TarBuilder.tar { $0.file("top/a") }))
            for tree in [SourceTree.archive(spool: "\(scratch.path)/a.tar.gz"), .directory(path: "\(scratch.path)/d")] {
                let error = #expect(throws: ArchiveError.self) {
                    try inspectSource(tree, capture: { _, _ in false }, isCancelled: { true })
                }
                #expect(error?.code == .cancelled)
            }
        }
    }

    @Test func `caps the warnings a source can make`() throws {
        try Scratch.with { scratch throws in
            let inspection = try scratch.inspect(
                tar: TarBuilder.tar { tar in
                    for index in 0..<30 { tar.symlink("top/l\(index)", to: "/etc") }
                })
            #expect(inspection.warnings.count == 21)
            #expect(inspection.warnings.last == "10 more warnings are not shown")
        }
    }
}

import SourceArchive

/// Headers before a member, and what ends an archive.
extension HostileArchive {
    static let metadata: [HostileArchive] = [
        HostileArchive("global path", "global") { $0.pax("path", "top/x", type: "g") },
        HostileArchive("global size", "global") { $0.pax("size", "1", type: "g") },
        HostileArchive("global linkpath", "global") { $0.pax("linkpath", "x", type: "g") },
        HostileArchive("NUL in the pax path", "NUL") {
            $0.pax("path", "top/a\u{0}b")
            $0.file("top/a")
        },
        HostileArchive("NUL in a pax key", "NUL") {
            $0.pax("x\u{0}y", "1")
            $0.file("top/a")
        },
        HostileArchive("empty pax path", "empty") {
            $0.pax("path", "")
            $0.file("top/a")
        },
        HostileArchive("pax path twice", "twice") {
            $0.pax([("path", Array("top/x".utf8)), ("path", Array("top/y".utf8))])
            $0.file("top/a")
        },
        HostileArchive("pax size with a sign", "decimal") {
            $0.pax("size", "+2")
            $0.file("top/a", "12")
        },
        HostileArchive("pax size in hex", "decimal") {
            $0.pax("size", "0x2")
            $0.file("top/a", "12")
        },
        HostileArchive("pax size against the header's", "contradict") {
            $0.pax("size", "1")
            $0.file("top/a", "12")
        },
        HostileArchive("pax and long name", "both") {
            $0.pax("path", "top/x")
            $0.longName("top/y")
            $0.file("top/a")
        },
        HostileArchive("pax and long link", "both") {
            $0.longName("x", type: "K")
            $0.pax("linkpath", "y")
            $0.symlink("top/a", to: "z")
        },
        HostileArchive("two pax headers", "two pax") {
            $0.pax("mtime", "1")
            $0.pax("mtime", "1")
            $0.file("top/a")
        },
        HostileArchive("global between", "between") {
            $0.pax("path", "top/x")
            $0.pax("comment", "c", type: "g")
            $0.file("top/a")
        },
        HostileArchive("too many headers", .tooLarge, "metaBlocks") {
            $0.longName("x", type: "K")
            $0.longName("top/y")
            $0.pax("mtime", "1")
            $0.symlink("top/a", to: "z")
        },
        HostileArchive("pax too large", .tooLarge, "metaBytes") {
            $0.pax("comment", String(repeating: "x", count: 65_536))
            $0.file("top/a")
        },
        HostileArchive("pax length too long", "length") {
            $0.member("pax", type: "x", contents: Array("99 path=a\n".utf8))
        },
        HostileArchive("pax length too short", "length") {
            $0.member("pax", type: "x", contents: Array("5 path=a\n".utf8))
        },
        HostileArchive("pax length huge", "length") {
            $0.member("pax", type: "x", contents: Array("99999999999999999999 path=a\n".utf8))
        },
        HostileArchive("pax without newline", "length") {
            $0.member("pax", type: "x", contents: Array("9 path=ab".utf8))
        },
        HostileArchive("pax without key", "no key") { $0.member("pax", type: "x", contents: Array("5 =a\n".utf8)) },
        HostileArchive("empty long name", "empty") { $0.longName("") },
        HostileArchive("long name after the NUL", "NUL") { $0.longName("top/a\u{0}b") },
        HostileArchive("dangling header", "names a member") { $0.pax("path", "top/x") },
        HostileArchive("data after a zero block", "zero block") {
            $0.raw([UInt8](repeating: 0, count: 512))
            $0.file("top/a")
        },
        HostileArchive("data after the end", "end of the tar") {
            $0.raw([UInt8](repeating: 0, count: 1024))
            $0.file("top/a")
        },
        HostileArchive("pax size twice", "twice") {
            $0.pax([("size", [0x31]), ("size", [0x32])])
            $0.file("top/a", "1")
        },
        HostileArchive("pax size with a blank", "decimal") {
            $0.pax("size", "1 ")
            $0.file("top/a", "1")
        },
        HostileArchive("pax size that overflows", "decimal") {
            $0.pax("size", "99999999999999999999")
            $0.file("top/a", "1")
        },
        HostileArchive("empty pax size", "empty") {
            $0.pax("size", "")
            $0.file("top/a")
        },
        HostileArchive("pax size over the limit", .tooLarge, "fileBytes") {
            $0.pax("size", "8589934592")
            $0.file("top/a")
        },
        HostileArchive("pax size beyond the end", "truncated") {
            $0.pax("size", "9999")
            $0.file("top/a")
        },
        HostileArchive("pax size on a directory", "has a size") {
            $0.pax("size", "1")
            $0.directory("top/d/")
        },
        HostileArchive("empty pax link target", "empty") {
            $0.pax("linkpath", "")
            $0.symlink("top/l", to: "a")
        },
        HostileArchive("NUL in the pax link target", "NUL") {
            $0.pax("linkpath", "a\u{0}b")
            $0.symlink("top/l", to: "a")
        },
        HostileArchive("pax link target of a file", "link target") {
            $0.pax("linkpath", "a")
            $0.file("top/f")
        },
        HostileArchive("long link target of a directory", "link target") {
            $0.longName("a", type: "K")
            $0.directory("top/d/")
        },
        HostileArchive("pax path for a device", .unsafe, "device") {
            $0.pax("path", "top/x")
            $0.member("top/d", type: "3")
        },
        HostileArchive("two long names", "two GNU long names") {
            $0.longName("top/x")
            $0.longName("top/y")
            $0.file("top/a")
        },
        HostileArchive("two long link targets", "two GNU long link targets") {
            $0.longName("x", type: "K")
            $0.longName("y", type: "K")
            $0.symlink("top/a", to: "z")
        },
        HostileArchive("a thousand long names", "two GNU long names") { tar in
            for _ in 0..<1000 { tar.longName("top/x") }
            tar.file("top/a")
        },
        HostileArchive("long name too large", .tooLarge, "metaBytes") {
            $0.longName(String(repeating: "x", count: 65_536))
            $0.file("top/a")
        },
        HostileArchive("comment too large", .tooLarge, "metaBytes") {
            $0.pax("comment", String(repeating: "x", count: 65_536), type: "g")
        },
        HostileArchive("long name that is cut", "truncated") { $0.member("././@LongLink", type: "L", size: 4096) },
        HostileArchive("long name of a blank size", "empty") {
            $0.member("././@LongLink", type: "L")
            $0.file("top/a")
        },
        HostileArchive("pax length with a leading zero", "length") {
            $0.member("pax", type: "x", contents: Array("011 path=a\n".utf8))
        },
        HostileArchive("pax length with a leading blank", "length") {
            $0.member("pax", type: "x", contents: Array(" 10 path=a\n".utf8))
        },
        HostileArchive("pax length of its digits", "length") {
            $0.member("pax", type: "x", contents: Array("2 a=b\n".utf8))
        },
        HostileArchive("pax without an equals sign", "no key") {
            $0.member("pax", type: "x", contents: Array("7 path\n".utf8))
        },
        HostileArchive("NULs after the pax records", "length") {
            $0.member("pax", type: "x", contents: TarBuilder.record("mtime", [0x31]) + [0, 0, 0])
            $0.file("top/a")
        },
        HostileArchive("two commits", "different comments") {
            $0.pax("comment", String(repeating: "a", count: 40), type: "g")
            $0.pax("comment", String(repeating: "b", count: 40), type: "g")
        },
        HostileArchive("long name before the end", "names a member") { $0.longName("top/x") },
        HostileArchive("one zero block in the middle", "zero block") {
            $0.file("top/a")
            $0.raw([UInt8](repeating: 0, count: 512))
            $0.file("top/b")
        },
        HostileArchive("a second archive behind the first", "end of the tar") {
            $0.raw([UInt8](repeating: 0, count: 1024))
            $0.directory("top/")
        },
        HostileArchive("one byte behind the end", "end of the tar") {
            $0.raw([UInt8](repeating: 0, count: 1024) + [1] + [UInt8](repeating: 0, count: 511))
        },
        HostileArchive(
            "no end", .refused(.invalid, "end marker"), tar: Array(TarBuilder.tar { $0.file("top/a") }.dropLast(1024))),
        HostileArchive(
            "one zero block at the end", .refused(.invalid, "truncated"),
            tar: Array(TarBuilder.tar { $0.file("top/a") }.dropLast(512))),
        HostileArchive(
            "end in the middle of a block", .refused(.invalid, "truncated"),
            tar: Array(TarBuilder.tar { $0.file("top/a") }.dropLast(100))),
    ]

    static let unusualMetadata: [HostileArchive] = [
        HostileArchive("pax size that agrees") {
            $0.pax("size", "2")
            $0.file("top/a", "12")
        },
        HostileArchive("pax size for a header without one") {
            $0.pax([("size", Array("3".utf8))])
            $0.member("top/a", type: "0", contents: [1, 2, 3], size: 0)
        },
        HostileArchive("keys that mean nothing here") {
            $0.pax([("SCHILY.xattr.user.x", [0, 1]), ("LIBARCHIVE.creationtime", [0x31]), ("uid", Array("-1".utf8))])
            $0.file("top/a")
        },
        HostileArchive("value with an equals sign and a newline") {
            $0.pax("path", "top/a=b\nc")
            $0.file("top/x")
        },
        HostileArchive("empty pax header") {
            $0.member("pax", type: "x")
            $0.file("top/a")
        },
        HostileArchive("long name and long target", members: 1) {
            $0.longName("target", type: "K")
            $0.longName("top/" + String(repeating: "l", count: 200))
            $0.symlink("top/l", to: "t")
        },
        HostileArchive("the same commit twice", members: 0) {
            $0.pax("comment", String(repeating: "a", count: 40), type: "g")
            $0.pax("comment", String(repeating: "a", count: 40), type: "g")
        },
        HostileArchive("a comment that is no commit", members: 0) { $0.pax("comment", "\u{1B}[2J", type: "g") },
        HostileArchive("meta block of the greatest size") {
            $0.pax([("comment", [UInt8](repeating: 0x78, count: 65_536 - 15))])
            $0.file("top/a")
        },
    ]
}

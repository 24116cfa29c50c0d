import SourceArchive

/// Members of kinds and with paths that no source has.
extension HostileArchive {
    static let types: [HostileArchive] = [
        HostileArchive("hard link", .unsafe, "hard link") { $0.member("top/h", type: "1", link: Array("top/a".utf8)) },
        HostileArchive("character device", .unsafe, "device") { $0.member("top/d", type: "3") },
        HostileArchive("block device", .unsafe, "device") { $0.member("top/d", type: "4") },
        HostileArchive("named pipe", .unsafe, "named pipe") { $0.member("top/p", type: "6") },
        HostileArchive("contiguous file", .unsafe, "unknown type \"7\"") { $0.member("top/c", type: "7") },
        HostileArchive("GNU sparse", .unsafe, "sparse") { $0.member("top/s", type: "S") },
        HostileArchive("GNU volume", .unsafe, "unknown type \"V\"") { $0.member("top/v", type: "V") },
        HostileArchive("escape as type", .unsafe, "\\x1b") { $0.member("top/z", type: "\u{1B}") },
        HostileArchive("pax sparse", .unsafe, "sparse") {
            $0.pax("GNU.sparse.major", "1")
            $0.file("top/s")
        },
        HostileArchive("pax sparse name alone", .unsafe, "sparse") {
            $0.pax("GNU.sparse.name", "top/evil")
            $0.file("top/s")
        },
        HostileArchive("hard link with a body", .unsafe, "hard link") {
            $0.member("top/h", type: "1", contents: Array(repeating: 0x61, count: 600), link: Array("top/a".utf8))
        },
        HostileArchive("hard link to the outside", .unsafe, "hard link") {
            $0.member("top/h", type: "1", link: Array("/etc/passwd".utf8))
        },
        HostileArchive("GNU multi-volume", .unsafe, "unknown type \"M\"") { $0.member("top/m", type: "M") },
        HostileArchive("GNU long name of old", .unsafe, "unknown type \"N\"") { $0.member("top/n", type: "N") },
        HostileArchive("GNU dump directory", .unsafe, "unknown type \"D\"") { $0.member("top/d/", type: "D") },
        HostileArchive("Solaris extended header", .unsafe, "unknown type \"X\"") { $0.member("top/x", type: "X") },
        HostileArchive("Solaris access list", .unsafe, "unknown type \"A\"") { $0.member("top/a", type: "A") },
        HostileArchive("inode only", .unsafe, "unknown type \"I\"") { $0.member("top/i", type: "I") },
        HostileArchive("reserved type", .unsafe, "unknown type \"8\"") { $0.member("top/r", type: "8") },
        HostileArchive("type that is no text", .unsafe, "unknown type \"\\xff\"") {
            $0.member("top/y", type: "\u{FF}")
        },
        HostileArchive("pax sparse 1.0", .unsafe, "sparse") {
            $0.pax([
                ("GNU.sparse.major", [0x31]), ("GNU.sparse.minor", [0x30]), ("GNU.sparse.realsize", Array("99".utf8)),
            ])
            $0.file("top/s", "1\n0\n512\n")
        },
        HostileArchive("pax sparse map", .unsafe, "sparse") {
            $0.pax("GNU.sparse.map", "0,1,2,3")
            $0.file("top/s")
        },
        HostileArchive("sparse for all", .unsafe, "sparse") { $0.pax("GNU.sparse.major", "1", type: "g") },
    ]

    static let paths: [HostileArchive] = [
        HostileArchive("traversal", .unsafe, "..") { $0.file("top/../../evil") },
        HostileArchive("traversal of the top folder", .unsafe, "..") { $0.file("../evil") },
        HostileArchive("absolute", .unsafe, "absolute") { $0.file("/etc/passwd") },
        HostileArchive("dot", .unsafe, "'.'") { $0.file("./top/a") },
        HostileArchive("empty component", "empty component") { $0.file("top//a") },
        HostileArchive("file with a slash", "empty component") { $0.file("top/a/") },
        HostileArchive("link with a slash", "empty component") { $0.symlink("top/a/", to: "b") },
        HostileArchive("two slashes", "empty component") { $0.directory("top/a//") },
        HostileArchive("no name", "no name") { $0.file("") },
        HostileArchive("other top folder", "top folder \"top\"") { $0.file("other/a") },
        HostileArchive("top folder as file", "twice") { $0.file("top") },
        HostileArchive("top folder again", "twice") { $0.directory("top/") },
        HostileArchive("duplicate", "twice") {
            $0.file("top/a", "1")
            $0.file("top/a", "2")
        },
        HostileArchive("duplicate directory", "twice") {
            $0.directory("top/d/")
            $0.directory("top/d/")
        },
        HostileArchive("below a file", "below the file \"a\"") {
            $0.file("top/a")
            $0.file("top/a/b")
        },
        HostileArchive("file over a directory", "both a directory") {
            $0.file("top/a/b")
            $0.file("top/a")
        },
        HostileArchive("below a symlink", .unsafe, "below the symbolic link \"s\"") {
            $0.symlink("top/s", to: "/tmp")
            $0.file("top/s/evil")
        },
        HostileArchive("deep below a symlink", .unsafe, "below the symbolic link \"s\"") {
            $0.symlink("top/s", to: "/tmp")
            $0.file("top/s/x/y/evil")
        },
        HostileArchive("pax traversal", .unsafe, "..") {
            $0.pax("path", "top/../../x")
            $0.file("top/a")
        },
        HostileArchive("long name traversal", .unsafe, "absolute") {
            $0.longName("/abs")
            $0.file("top/a")
        },
        HostileArchive("dot inside", .unsafe, "'.'") { $0.file("top/./a") },
        HostileArchive("dot at the end", .unsafe, "'.'") { $0.directory("top/a/./") },
        HostileArchive("dots at the end", .unsafe, "'..'") { $0.file("top/a/..") },
        HostileArchive("dots as directory", .unsafe, "'..'") { $0.directory("top/../") },
        HostileArchive("link above", .unsafe, "'..'") { $0.symlink("top/../l", to: "a") },
        HostileArchive("only a slash", .unsafe, "absolute") { $0.file("/") },
        HostileArchive("directory of only a slash", "no name") { $0.directory("/") },
        HostileArchive("two slashes first", .unsafe, "absolute") { $0.file("//top/a") },
        HostileArchive("component too long", .tooLarge, "componentBytes (255") {
            $0.pax("path", "top/" + String(repeating: "c", count: 256))
            $0.file("top/a")
        },
        HostileArchive("path too long", .tooLarge, "pathBytes (4095") {
            $0.longName("top/" + String(repeating: "d/", count: 2050) + "f")
            $0.file("top/a")
        },
        HostileArchive("path too deep", .tooLarge, "depth (256") {
            $0.longName("top/" + String(repeating: "d/", count: 256) + "f")
            $0.file("top/a")
        },
        HostileArchive("link too long", .tooLarge, "pathBytes (4095") {
            $0.longName(String(repeating: "t", count: 4096), type: "K")
            $0.symlink("top/l", to: "t")
        },
        HostileArchive("directory over a file", "twice") {
            $0.file("top/a")
            $0.directory("top/a/")
        },
        HostileArchive("link over a directory", "twice") {
            $0.directory("top/a/")
            $0.symlink("top/a", to: "/etc")
        },
        HostileArchive("link over an implied directory", "both a directory") {
            $0.file("top/a/b")
            $0.symlink("top/a", to: "/etc")
        },
        HostileArchive("file over a link", "twice") {
            $0.symlink("top/a", to: "/etc/passwd")
            $0.file("top/a", "root")
        },
        HostileArchive("two links", "twice") {
            $0.symlink("top/a", to: "b")
            $0.symlink("top/a", to: "/etc")
        },
        HostileArchive("directory below a link", .unsafe, "below the symbolic link \"s\"") {
            $0.symlink("top/s", to: ".")
            $0.directory("top/s/d/")
        },
        HostileArchive("link below a link", .unsafe, "below the symbolic link \"s\"") {
            $0.symlink("top/s", to: "/")
            $0.symlink("top/s/t", to: "etc")
        },
        HostileArchive("the same by pax", "twice") {
            $0.file("top/a")
            $0.pax("path", "top/a")
            $0.file("top/b")
        },
        HostileArchive("the same by prefix", "twice") {
            $0.file("top/d/a")
            $0.member("a", type: "0") { TarBuilder.put(Array("top/d".utf8), at: 345, in: &$0) }
        },
        HostileArchive("top folder by another case", "top folder \"top\"") { $0.file("Top/a") },
        HostileArchive("top folder as the beginning of a name", "top folder \"top\"") { $0.file("top-2/a") },
        HostileArchive("file without a folder", .refused(.invalid, "top folder"), tar: TarBuilder.tar { $0.file("a") }),
        HostileArchive(
            "link as top folder", .refused(.invalid, "top folder"), tar: TarBuilder.tar { $0.symlink("top", to: "/") }),
        HostileArchive(
            "dot as top folder", .refused(.unsafe, "'.'"),
            tar: TarBuilder.tar {
                $0.directory("./")
                $0.file("./a")
            }),
        HostileArchive("no members", .refused(.invalid, "no members"), tar: TarBuilder.tar { _ in }),
        HostileArchive(
            "only a comment", .refused(.invalid, "no members"),
            tar: TarBuilder.tar { $0.pax("comment", "c", type: "g") }),
    ]

    static let unusualPaths: [HostileArchive] = [
        HostileArchive("nothing below the top folder", members: 0) { _ in },
        HostileArchive(
            "top folder only implied", .accepted(members: 1), tar: TarBuilder.tar { $0.file("top/a") }),
        HostileArchive("newline in a name") { $0.file("top/a\nb") },
        HostileArchive("terminal sequence in a name") { $0.file("top/\u{1B}[2J") },
        HostileArchive("backslashes") { $0.file("top/..\\..\\evil") },
        HostileArchive("drive letter") { $0.file("top/C:") },
        HostileArchive("blanks") { $0.file("top/ a ") },
        HostileArchive("three dots") { $0.file("top/...") },
        HostileArchive("text that reads backwards") { $0.file("top/\u{202E}txt.exe") },
        HostileArchive("bytes that are not UTF-8") {
            $0.pax([("path", Array("top/".utf8) + [0xFF, 0xFE])])
            $0.file("top/a")
        },
        HostileArchive("names that differ by case", members: 2) {
            $0.file("top/a")
            $0.file("top/A")
        },
        HostileArchive("names that differ by normalisation", members: 2) {
            $0.file("top/\u{E9}")
            $0.file("top/e\u{301}")
        },
        HostileArchive("component of 255 bytes") {
            $0.pax("path", "top/" + String(repeating: "c", count: 255))
            $0.file("top/a")
        },
        HostileArchive("depth of 256") {
            $0.longName("top/" + String(repeating: "d/", count: 254) + "f")
            $0.file("top/a")
        },
        HostileArchive("link to the outside") { $0.symlink("top/l", to: "/etc/passwd") },
        HostileArchive("link that climbs") { $0.symlink("top/l", to: "../../../etc") },
        HostileArchive("link to itself") { $0.symlink("top/l", to: "l") },
        HostileArchive("link with a newline") { $0.symlink("top/l", to: "a\nb") },
        HostileArchive("directory after its file", members: 2) {
            $0.file("top/d/f")
            $0.directory("top/d/")
        },
        HostileArchive("directory without its slash") { $0.directory("top/d") },
        HostileArchive("setuid, setgid, sticky") { $0.file("top/s", "x", mode: 0o7777) },
        HostileArchive("no permissions") { $0.file("top/s", "x", mode: 0) },
    ]
}

import SourceArchive

/// Header fields that are malformed, or unusual and fine.
extension HostileArchive {
    static let fields: [HostileArchive] = [
        HostileArchive("size on a symlink", "has a size") {
            $0.member("top/s", type: "2", contents: [1, 2], link: [0x61])
        },
        HostileArchive("size on a directory", "has a size") { $0.member("top/d/", type: "5", contents: [1]) },
        HostileArchive("pax size on a symlink", "has a size") {
            $0.pax("size", "512")
            $0.symlink("top/s", to: "a")
        },
        HostileArchive("link without target", "no target") { $0.symlink("top/s", to: "") },
        HostileArchive("file with a target", "link target") { $0.member("top/f", type: "0", link: [0x61]) },
        HostileArchive("negative size", "negative") {
            $0.member("top/a", type: "0") { TarBuilder.put([UInt8](repeating: 0xFF, count: 12), at: 124, in: &$0) }
        },
        HostileArchive("huge size", "too large a number") {
            $0.member("top/a", type: "0") {
                TarBuilder.put([0x80] + [UInt8](repeating: 0x7F, count: 11), at: 124, in: &$0)
            }
        },
        HostileArchive("minus in the size", "octal") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("-0000000001\0".utf8), at: 124, in: &$0) }
        },
        HostileArchive("eight in the size", "octal") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("00000000008\0".utf8), at: 124, in: &$0) }
        },
        HostileArchive("digits after the NUL", "octal") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("00000\u{0}00001\0".utf8), at: 124, in: &$0) }
        },
        HostileArchive("bad mode", "mode") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("rwxr-xr".utf8), at: 100, in: &$0) }
        },
        HostileArchive("bad uid", "uid") { $0.member("top/a", type: "0") { TarBuilder.put([0x21], at: 108, in: &$0) } },
        HostileArchive("name after the NUL", "after its NUL") { $0.file("top/a\u{0}b") },
        HostileArchive("no magic", "neither") {
            $0.member("top/a", type: "0") { TarBuilder.put([0], at: 257, in: &$0) }
        },
        HostileArchive("ambiguous version", "neither") {
            $0.member("top/a", type: "0") { TarBuilder.put([0, 0], at: 263, in: &$0) }
        },
        HostileArchive("wrong checksum", "checksum") { tar in
            var bad = TarBuilder()
            bad.file("top/a")
            var block = bad.bytes
            block[148] ^= 1
            tar.raw(block)
        },
        HostileArchive("checksum of signed bytes", "checksum") { tar in
            var bad = TarBuilder()
            bad.file("top/\u{E9}")
            var block = bad.bytes
            let sum = block.enumerated().reduce(0) { sum, item in
                sum + ((148..<156).contains(item.offset) ? 32 : Int(Int8(bitPattern: item.element)))
            }
            TarBuilder.put(TarBuilder.octal(sum, 6) + [0, 0x20], at: 148, in: &block)
            tar.raw(block)
        },
        HostileArchive("blank checksum", "checksum") { tar in
            var bad = TarBuilder()
            bad.file("top/a")
            var block = bad.bytes
            TarBuilder.put(Array("        ".utf8), at: 148, in: &block)
            tar.raw(block)
        },
        HostileArchive("binary checksum", "checksum") { tar in
            var bad = TarBuilder()
            bad.file("top/a")
            var block = bad.bytes
            block[148] = 0x80
            tar.raw(block)
        },
        HostileArchive("one flipped bit in a name", "checksum") { tar in
            var bad = TarBuilder()
            bad.file("top/a")
            var block = bad.bytes
            block[4] ^= 2
            tar.raw(block)
        },
        HostileArchive("text instead of a header", "checksum") {
            $0.raw(Array(String(repeating: "text ", count: 103).utf8.prefix(512)))
        },
        HostileArchive("eight gibibytes", .tooLarge, "fileBytes") {
            $0.member("top/a", type: "0", size: 0o77777777777)
        },
        HostileArchive("size by 64 bits", .tooLarge, "fileBytes") {
            $0.member("top/a", type: "0") {
                TarBuilder.put([0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], at: 124, in: &$0)
            }
        },
        HostileArchive("size that overflows", "too large a number") {
            $0.member("top/a", type: "0") {
                TarBuilder.put([0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], at: 124, in: &$0)
            }
        },
        HostileArchive("size beyond the end", "truncated") { $0.member("top/a", type: "0", size: 5000) },
        HostileArchive("size that eats the end", "truncated") { $0.member("top/a", type: "0", size: 1024) },
        HostileArchive("text in the size", "octal") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("0x000000010\0".utf8), at: 124, in: &$0) }
        },
        HostileArchive("bad gid", "gid") { $0.member("top/a", type: "0") { TarBuilder.put([0x2D], at: 116, in: &$0) } },
        HostileArchive("bad mtime", "mtime") {
            $0.member("top/a", type: "0") { TarBuilder.put([0x39], at: 136, in: &$0) }
        },
        HostileArchive("bad device number", "devmajor") {
            $0.member("top/a", type: "0") { TarBuilder.put([0x61], at: 329, in: &$0) }
        },
        HostileArchive("bad second device number", "devminor") {
            $0.member("top/a", type: "0") { TarBuilder.put([0x61], at: 337, in: &$0) }
        },
        HostileArchive("prefix after its NUL", "prefix") {
            $0.member("top/a", type: "0") { TarBuilder.put([0x70, 0, 0x71], at: 345, in: &$0) }
        },
        HostileArchive("target after its NUL", "linkname") {
            $0.member("top/l", type: "2", link: [0x61, 0, 0x62])
        },
        HostileArchive("prefix without a name", "empty component") {
            $0.member("", type: "0") { TarBuilder.put(Array("top/a".utf8), at: 345, in: &$0) }
        },
        HostileArchive("prefix that climbs", .unsafe, "'..'") {
            $0.member("a", type: "0") { TarBuilder.put(Array("top/..".utf8), at: 345, in: &$0) }
        },
        HostileArchive("absolute prefix", .unsafe, "absolute") {
            $0.member("a", type: "0") { TarBuilder.put(Array("/top".utf8), at: 345, in: &$0) }
        },
        HostileArchive("header of before 1988", "neither") {
            $0.member("top/a", type: "0") { TarBuilder.put([UInt8](repeating: 0, count: 8), at: 257, in: &$0) }
        },
        HostileArchive("another version", "neither") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("01".utf8), at: 263, in: &$0) }
        },
        HostileArchive("magic in upper case", "neither") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("USTAR".utf8), at: 257, in: &$0) }
        },
    ]

    static let unusualFields: [HostileArchive] = [
        HostileArchive("name of 100 bytes") { $0.file("top/" + String(repeating: "n", count: 96)) },
        HostileArchive("prefix of 155 bytes") {
            let prefix = "top/" + String(repeating: "p", count: 151)
            $0.member(String(repeating: "n", count: 100), type: "0") {
                TarBuilder.put(Array(prefix.utf8), at: 345, in: &$0)
            }
        },
        HostileArchive("NUL as type") { $0.member("top/a", type: "\0", contents: [1]) },
        HostileArchive("size led by blanks") {
            $0.member("top/a", type: "0", contents: [1, 2]) {
                TarBuilder.put(Array("          2 ".utf8), at: 124, in: &$0)
            }
        },
        HostileArchive("blank size") {
            $0.member("top/a", type: "0") { TarBuilder.put(Array("            ".utf8), at: 124, in: &$0) }
        },
        HostileArchive("size of twelve digits") {
            $0.member("top/a", type: "0", contents: [1]) {
                TarBuilder.put(Array("000000000001".utf8), at: 124, in: &$0)
            }
        },
        HostileArchive("binary size") {
            $0.member("top/a", type: "0", contents: [1, 2]) {
                TarBuilder.put([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2], at: 124, in: &$0)
            }
        },
        HostileArchive("time before 1970") {
            $0.member("top/a", type: "0") { TarBuilder.put([UInt8](repeating: 0xFF, count: 12), at: 136, in: &$0) }
        },
        HostileArchive("binary owner") {
            $0.member("top/a", type: "0") { TarBuilder.put([0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF], at: 108, in: &$0) }
        },
        HostileArchive("GNU header with times in its prefix") {
            $0.member("top/a", type: "0") {
                TarBuilder.put(Array("ustar  \0".utf8), at: 257, in: &$0)
                TarBuilder.put(Array("13402044320\013402044320".utf8), at: 345, in: &$0)
            }
        },
        HostileArchive("owner names that are no text") {
            $0.member("top/a", type: "0") { TarBuilder.put([UInt8](repeating: 0xFF, count: 64), at: 265, in: &$0) }
        },
    ]
}

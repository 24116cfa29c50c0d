import SourceArchive

/// The gzip file around the tar.
extension HostileArchive {
    static let gzip: [HostileArchive] = [
        HostileArchive("wrong CRC", .refused(.invalid, "damaged"), gzip: flipped(fromEnd: 8)),
        HostileArchive("wrong length", .refused(.invalid, "damaged"), gzip: flipped(fromEnd: 1)),
        HostileArchive("wrong magic", .refused(.invalid, "damaged"), gzip: flipped(at: 0)),
        HostileArchive("wrong second magic", .refused(.invalid, "damaged"), gzip: flipped(at: 1)),
        HostileArchive("unknown method", .refused(.invalid, "damaged"), gzip: flipped(at: 2)),
        HostileArchive("first reserved flag", .refused(.invalid, "damaged"), gzip: flipped(at: 3, by: 0x20)),
        HostileArchive("second reserved flag", .refused(.invalid, "damaged"), gzip: flipped(at: 3, by: 0x40)),
        HostileArchive("third reserved flag", .refused(.invalid, "damaged"), gzip: flipped(at: 3, by: 0x80)),
        HostileArchive("flag of a field that is not there", .refused(.invalid, ""), gzip: flipped(at: 3, by: 0x04)),
        HostileArchive("wrong header checksum", .refused(.invalid, "damaged"), gzip: flipped(at: 3, by: 0x02)),
        HostileArchive("reserved block type", .refused(.invalid, "damaged"), gzip: flipped(at: 10, by: 0x06)),
        HostileArchive("stored length that is wrong", .refused(.invalid, "damaged"), gzip: flipped(at: 13)),
        HostileArchive("trailer cut", .refused(.invalid, "truncated"), gzip: Array(good.dropLast(8))),
        HostileArchive("length cut", .refused(.invalid, "truncated"), gzip: Array(good.dropLast(4))),
        HostileArchive("last byte cut", .refused(.invalid, "truncated"), gzip: Array(good.dropLast())),
        HostileArchive("empty file", .refused(.invalid, "empty"), gzip: []),
        HostileArchive("header alone", .refused(.invalid, "truncated"), gzip: Array(good.prefix(10))),
        HostileArchive("one byte", .refused(.invalid, "truncated"), gzip: [0x1F]),
        HostileArchive("no gzip", .refused(.invalid, "damaged"), gzip: TarBuilder.tar { $0.file("top/a") }),
        HostileArchive("zip", .refused(.invalid, "damaged"), gzip: Array("PK\u{3}\u{4}\u{14}".utf8)),
        HostileArchive("HTML", .refused(.invalid, "damaged"), gzip: Array("<!DOCTYPE html>".utf8)),
        HostileArchive("nothing but an empty member", .refused(.invalid, "truncated"), gzip: GzipBuilder.member([])),
        HostileArchive("gzip in gzip", .refused(.invalid, ""), gzip: GzipBuilder.member(good)),
        HostileArchive("bytes behind", .refused(.invalid, "follow the gzip"), gzip: good + [1]),
        HostileArchive("text behind", .refused(.invalid, "follow the gzip"), gzip: good + Array("text".utf8)),
        HostileArchive("bytes behind padding", .refused(.invalid, "follow the gzip"), gzip: good + [0, 0, 1]),
        HostileArchive("member behind padding", .refused(.invalid, "follow the gzip"), gzip: good + [0] + good),
        HostileArchive("half a magic behind", .refused(.invalid, "truncated"), gzip: good + [0x1F]),
        HostileArchive("half a member behind", .refused(.invalid, "end of the tar"), gzip: good + good.prefix(100)),
        HostileArchive("second archive behind", .refused(.invalid, "end of the tar"), gzip: good + good),
        HostileArchive(
            "archive without end, then another", .refused(.invalid, "top folder occurs twice"),
            gzip: GzipBuilder.member(Array(TarBuilder.tar { $0.directory("top/") }.dropLast(1024))) + good),
        HostileArchive("padding behind", .accepted(members: 1), gzip: good + [UInt8](repeating: 0, count: 700)),
        HostileArchive("empty member first", .accepted(members: 1), gzip: GzipBuilder.member([]) + good),
        HostileArchive("empty member last", .accepted(members: 1), gzip: good + GzipBuilder.member([])),
        HostileArchive(
            "a member for each block", .accepted(members: 1),
            gzip: stride(from: 0, to: goodTar.count, by: 512).flatMap {
                GzipBuilder.member(Array(goodTar[$0..<$0 + 512]))
            }),
        HostileArchive(
            "extra field, name and comment", .accepted(members: 1),
            gzip: GzipBuilder.member(
                goodTar, flags: 0x1C, extraHeader: [2, 0, 0x41, 0x42] + Array("name\0comment\0".utf8))),
    ]

    private static let goodTar = TarBuilder.tar { tar in
        tar.directory("top/")
        tar.file("top/a", String(repeating: "x", count: 700))
    }

    private static let good = GzipBuilder.member(goodTar)

    private static func flipped(at position: Int, by bits: UInt8 = 1) -> [UInt8] {
        var bytes = good
        bytes[position] ^= bits
        return bytes
    }

    private static func flipped(fromEnd position: Int) -> [UInt8] {
        flipped(at: good.count - position)
    }
}

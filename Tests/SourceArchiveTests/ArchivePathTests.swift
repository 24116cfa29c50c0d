import SourceArchive
import Testing

@Suite struct ArchivePathTests {
    @Test(arguments: [
        ("/a", ArchiveError.Code.unsafe), ("..", .unsafe), ("a/../b", .unsafe), (".", .unsafe), ("./a", .unsafe),
        ("a//b", .invalid), ("a/", .invalid), ("a\0b", .invalid), ("/", .unsafe),
    ])
    func `refuses what is not a plain relative path`(text: String, code: ArchiveError.Code) {
        let error = #expect(throws: ArchiveError.self) { try ArchivePath(text) }
        #expect(error?.code == code)
    }

    @Test func `limits length, component and depth, and names the limit`() throws {
        let cases = [
            (String(repeating: "a", count: 256), "componentBytes"),
            (String(repeating: "a/", count: 256) + "a", "depth"),
            (String(repeating: String(repeating: "a", count: 99) + "/", count: 41) + "a", "pathBytes"),
        ]
        for (text, limit) in cases {
            let error = #expect(throws: ArchiveError.self) { try ArchivePath(text) }
            #expect(error?.limit == limit)
            #expect(error?.code == .tooLarge)
            #expect((error?.message.utf8.count ?? 0) < 400)
        }
        _ = try ArchivePath(String(repeating: "a/", count: 255) + "a")
    }

    @Test func `shows a hostile name escaped`() throws {
        #expect(try ArchivePath("a\u{1B}[2J\n\u{202E}é\"\\").description == "a\\x1b[2J\\n\\u{202e}é\\\"\\\\")
        #expect(try ArchivePath(validating: [0x61, 0xFF, 0xC3]).description == "a\\xff\\xc3")
    }

    @Test func `resolves what a configuration file says`() throws {
        let directory = try ArchivePath("apps/web")
        #expect(try directory.resolving("./Dockerfile").description == "apps/web/Dockerfile")
        #expect(try directory.resolving("../api//x/").description == "apps/api/x")
        #expect(try directory.resolving("/docker/./x").description == "docker/x")
        #expect(try directory.resolving("../..").isRoot)
        #expect(try directory.resolving(".") == directory)
        let error = #expect(throws: ArchiveError.self) { try directory.resolving("../../..") }
        #expect(error?.code == .unsafe)
    }

    @Test func `knows what lies below what`() throws {
        let path = try ArchivePath("a/b/c")
        #expect(try path.relative(to: ArchivePath("a"))?.description == "b/c")
        #expect(try path.relative(to: ArchivePath("a/b/c"))?.isRoot == true)
        #expect(try path.relative(to: ArchivePath("a/bb")) == nil)
        #expect(try !path.hasPrefix(ArchivePath("a/b/cc")))
        #expect(try !ArchivePath("ab").hasPrefix(ArchivePath("a")))
        #expect(path.hasPrefix(.root))
        #expect(path.parent.description == "a/b")
    }
}

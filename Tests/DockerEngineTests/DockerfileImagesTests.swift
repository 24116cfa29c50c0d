import Testing

@testable import DockerEngine

@Suite struct DockerfileImagesTests {
    private func images(
        _ text: String, args: [String: String] = [:], target: String? = nil, platform: String? = nil
    ) -> [String] {
        baseImages(inDockerfile: Array(text.utf8), buildArgs: args, target: target, platform: platform)
    }

    @Test(arguments: [
        ("FROM node:18", ["node:18"]),
        ("\u{feff}from node:18 as x\r\nRUN true\r\n", ["node:18"]),
        ("FROM scratch\nCOPY a b", []),
        ("FROM --platform=$BUILDPLATFORM golang:1 AS b\nFROM alpine\nCOPY --from=b /x /x", ["golang:1", "alpine"]),
        ("FROM a AS One\nFROM one\nCOPY --from=ONE x y\nCOPY --from=0 x y", ["a"]),
        ("FROM a\nCOPY --chown=1:1 --from=ext/img:2 /x /y", ["a", "ext/img:2"]),
        ("FROM a\nRUN --mount=type=bind,from=ext:1,target=/x --mount=type=cache,target=/c make", ["a", "ext:1"]),
        (
            "# syntax=docker/dockerfile:1\n# escape=`\nFROM a `\n  AS x\nCOPY --from=b c d",
            ["docker/dockerfile:1", "a", "b"]
        ),
        ("# a comment\n# syntax=docker/dockerfile:1\nFROM a", ["a"]),
        ("FROM \\\n# in between\n\n  node:\\\n18", ["node:18"]),
        ("FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY --from=c x y", ["a", "c"]),
        ("FROM a\nRUN <<-'A' cat && <<\"B\" cat\nFROM b\n\tA\nFROM c\nB\nCOPY --from=d x y", ["a", "d"]),
        ("FROM a\nRUN cat <<<EOF\nCOPY --from=d x y", ["a", "d"]),
        ("FROM a\nCOPY <<EOF /x\nFROM b\nEOF", ["a"]),
        ("FROM a\nFROM a\nCOPY --from=$B x y\nCOPY --from=9 x y\nONBUILD COPY --from=z x y", ["a"]),
        ("FROM", []), ("RUN x", []), ("", []), ("COPY --from=x a b\nFROM y", ["y"]),
        ("FROM \"quoted:1\"", ["quoted:1"]),
    ])
    func `finds images`(text: String, expected: [String]) {
        #expect(images(text) == expected, "\(text)")
    }

    @Test(
        arguments: [
            ("ARG V=18\nFROM node:$V", ["node:18"], [:]),
            ("ARG V=18\nFROM node:${V}-alpine", ["node:20-alpine"], ["V": "20"]),
            ("ARG V\nFROM node:${V:-16}", ["node:16"], [:]),
            ("ARG V\nFROM node:${V:-16}", ["node:20"], ["V": "20"]),
            ("ARG V=\nFROM node${V:+:x}", ["node"], [:]),
            ("ARG V=1\nFROM node${V:+:x}", ["node:x"], [:]),
            ("ARG A=r/x B=2\nARG C=$A:$B\nFROM $C", ["r/x:2"], [:]),
            ("ARG C='a b'\nFROM x:${UNSET-${A:-1}}", ["x:1"], [:]),
            ("FROM node:$V", [], ["V": "20"]),
            ("FROM a\nARG V=18\nFROM node:$V\nCOPY --from=0 / /", ["a"], ["V": "20"]),
            ("ARG V=1\nFROM a:\\$V", ["a:$V"], [:]),
            ("ARG V=1\nFROM a:${V", [], [:]),
            ("ARG V=1\nFROM a:${V%x}", [], [:]),
        ] as [(String, [String], [String: String])])
    func `puts in build arguments`(text: String, expected: [String], args: [String: String]) {
        #expect(images(text, args: args) == expected, "\(text)")
    }

    @Test func `knows the platform's variables`() {
        let text = "FROM --platform=$BUILDPLATFORM base-$TARGETARCH$TARGETVARIANT:$TARGETOS"
        #expect(images(text, platform: "linux/arm/v7") == ["base-armv7:linux"])
        #expect(images(text, args: ["TARGETARCH": "x"], platform: "linux/amd64") == ["base-x:linux"])
    }

    @Test func `leaves out what the target does not need`() {
        let text = """
            FROM a AS deps
            FROM b AS unused
            FROM c AS prod
            COPY --from=deps / /
            FROM prod AS test
            COPY --from=d / /
            """
        #expect(images(text) == ["a", "c", "d"])
        #expect(images(text, target: "PROD") == ["a", "c"])
        #expect(images(text, target: "unused") == ["b"])
        #expect(images(text, target: "0") == ["a"])
        #expect(images(text, target: "nope") == [])
    }

    @Test func `bounds values that double each other`() {
        var text = "ARG A0=aaaaaaaaaa\n"
        for index in 1...60 { text += "ARG A\(index)=$A\(index - 1)$A\(index - 1)\n" }
        #expect(images(text + "FROM x:$A60\nFROM y") == ["y"])
    }

    @Test func `survives depth, length and bytes that are no text`() {
        let deep = String(repeating: "${A:-", count: 100_000)
        #expect(images("FROM \(deep)") == [])
        let unterminated = String(repeating: "RUN <<A\n", count: 20_000)
        #expect(images("FROM a\n" + unterminated) == ["a"])
        let stages = (0..<20_000).map { "FROM x AS s\($0)\nCOPY --from=s\($0 / 2) / /" }.joined(separator: "\n")
        #expect(images(stages) == ["x"])
        #expect(
            baseImages(inDockerfile: [0xff, 0xfe, 0x0a] + Array("FROM a".utf8), buildArgs: [:], target: nil) == ["a"])
    }
}

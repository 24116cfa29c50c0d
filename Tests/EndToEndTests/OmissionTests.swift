import RunnerProtocol
import TestSupport
import Testing

/// What GitHub's archives do not hold: it is said, or the start fails with the reason.
@Suite struct OmissionTests {
    private static let pointer = """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 12345

        """

    /// Validates a repository of these files, with a submodule at `vendor/lib` when `.gitmodules` is among them.
    private func validate(
        _ files: [String: String], dockerfile: String? = "CMD [\"true\"]",
        config: String? = "runner: {type: docker, ports: [3000]}", directory: String = ""
    ) async throws -> JSONValue {
        try await LoopbackGitHub.run { github in
            try await AgentUnderTest.run(configuration: github.agentConfiguration) { agent in
                try await run("/bin/mkdir", ["-p", "\(agent.directory)/web/assets"])
                let component = try await Component.make(
                    in: agent.directory, "web", dockerfile: dockerfile, config: config, files: files)
                try await github.addRepository("octo/web", from: component.path)
                if files[".gitmodules"] != nil { try await addSubmodule(github) }
                let location = github.location("octo/web", directory: directory)
                return try await agent.client().call("runner.validate", #"{"source":{"location":"\#(location)"}}"#)
            }
        }
    }

    private func addSubmodule(_ github: LoopbackGitHub) async throws {
        let script = """
            export GIT_DIR=\(github.root)/octo/web.git GIT_INDEX_FILE=\(github.root)/index
            export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@example.com GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@example.com
            git read-tree main
            git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,vendor/lib
            git update-ref refs/heads/main $(git commit-tree -m sub $(git write-tree))
            """
        try await run("/bin/sh", ["-ec", script])
    }

    private func warnings(_ answer: JSONValue) -> [String] {
        (answer["warnings"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    private func failure(_ body: () async throws -> JSONValue) async -> (code: String?, message: String) {
        do {
            return (nil, try await body().text)
        } catch let failure as RPCClient.Failed {
            return (failure.code, failure.error["message"]?.stringValue ?? "")
        } catch {
            return (nil, "\(error)")
        }
    }

    @Test func `a source that lacks nothing is not warned about`() async throws {
        let answer = try await validate([
            ".gitattributes": "*.txt text\n# *.png filter=lfs\n", "assets/a.txt": Self.pointer,
        ])
        #expect(warnings(answer) == [])
    }

    @Test func `files kept in Git LFS are named`() async throws {
        let answer = try await validate([
            ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "assets/a.bin": Self.pointer,
            "assets/b.bin": String(repeating: "real contents ", count: 20),
        ])
        #expect(warnings(answer) == ["files kept in Git LFS are only pointers in the source: assets/a.bin"])
    }

    @Test func `submodules are named`() async throws {
        let modules = "[submodule \"lib\"]\n\tpath = vendor/lib\n\turl = https://example.com/lib\n"
        let answer = try await validate([".gitmodules": modules])
        #expect(warnings(answer) == ["the source does not hold the files of Git submodules: vendor/lib"])
    }

    @Test func `files that are not exported are named`() async throws {
        let answer = try await validate([
            ".gitattributes": "/assets export-ignore\nx -export-ignore\n", "assets/a": "a",
        ])
        #expect(warnings(answer) == ["export-ignore in .gitattributes leaves files out of GitHub's archives: /assets"])
    }

    @Test func `a Dockerfile kept in Git LFS fails with the reason`() async throws {
        let (code, message) = await failure { try await validate(["Dockerfile": Self.pointer], dockerfile: nil) }
        #expect(code == "DOCKERFILE_NOT_FOUND")
        #expect(message.contains("Git LFS"), "\(message)")
    }

    @Test func `a configuration kept in Git LFS fails with the reason`() async throws {
        let (code, message) = await failure { try await validate([:], config: Self.pointer) }
        #expect(code == "CONFIG_NOT_FOUND")
        #expect(message.contains("Git LFS"), "\(message)")
    }

    @Test(arguments: [
        ("Dockerfile", "DOCKERFILE_NOT_FOUND"), (".runner", "CONFIG_NOT_FOUND"),
    ])
    func `a file that is not exported fails with the reason`(_ path: String, _ code: String) async throws {
        // The attributes are not exported either: only GitHub itself can tell.
        let attributes = "/\(path) export-ignore\n.gitattributes export-ignore\n"
        let (found, message) = await failure { try await validate([".gitattributes": attributes]) }
        #expect(found == code)
        #expect(message.contains("export-ignore"), "\(message)")
    }

    @Test func `a component in a submodule fails with the reason`() async throws {
        let modules = "[submodule \"lib\"]\n\tpath = \"vendor/lib/\"\n"
        let (code, message) = await failure { try await validate([".gitmodules": modules], directory: "vendor/lib") }
        #expect(code == "CONFIG_NOT_FOUND")
        #expect(message.contains("vendor/lib is a Git submodule"), "\(message)")
        let report = try await validate(
            [".gitmodules": modules],
            config: "runner: {type: docker, ports: [3000], build: {context: vendor/lib}}")
        let diagnostic = try #require(report["diagnostics"]?.arrayValue?.first)
        #expect(diagnostic["path"]?.stringValue == "runner.build.context")
        #expect(diagnostic["message"]?.stringValue?.contains("vendor/lib is a Git submodule") == true, "\(diagnostic)")
    }

    @Test func `a directory that is not in the repository is told from a missing configuration`() async throws {
        let (code, message) = await failure { try await validate([:], directory: "nowhere") }
        #expect(code == "DIRECTORY_NOT_FOUND")
        #expect(message.contains("nowhere"), "\(message)")
    }
}

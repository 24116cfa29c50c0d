import GitHubSource
import TestSupport
import Testing

/// Which branch, tag or commit a `tree/` URL means.
@Suite(.sharedGitHub) struct ReferenceTests {
    @Test func `finds a branch with slashes with one question about names`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let commit = try await github.addRepository(branch: "feature/login/form", file: "other")
            let source = try await github.resolve("demo/tree/feature/login/form/sub/deep")
            #expect(source.commit == commit)
            #expect(source.ref == "feature/login/form")
            #expect(source.directory == "sub/deep")
            let asked = try github.requests().map(\.path).filter { !$0.hasSuffix("/demo") }
            let base = "/repos/\(github.owner)/demo/git"
            #expect(
                asked == ["\(base)/ref/heads/feature", "\(base)/matching-refs/heads/feature/login?per_page=100"])
        }
    }

    @Test func `asks once about a branch without slashes`() async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            #expect(try await github.resolve("demo/tree/main/sub/deep").commit == commit)
            #expect(try github.requests().count == 2)
        }
    }

    @Test func `prefers a longer branch to a tag that begins like it`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try await github.git("tag", "release", "main")
            let commit = try await github.addRepository(branch: "release/1.0", file: "other")
            let source = try await github.resolve("demo/tree/release/1.0/sub")
            #expect(source.commit == commit)
            #expect(source.directory == "sub")
        }
    }

    @Test func `prefers a branch to a tag of the same name`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let commit = try await github.addRepository(branch: "same", file: "other")
            try await github.git("tag", "same", "main")
            #expect(try await github.resolve("demo/tree/same/sub").commit == commit)
        }
    }

    @Test(arguments: ["v1.0", "releases/v1.0"])
    func `finds the commit behind an annotated tag`(_ tag: String) async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            try await github.git("tag", "-a", "-m", "annotated", tag, "main")
            let source = try await github.resolve("demo/tree/\(tag)/sub")
            #expect(source.commit == commit)
            #expect(source.ref.hasSuffix(tag))
            #expect(source.directory == "sub")
        }
    }

    @Test func `finds a branch among more names than one answer holds`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            for number in 0..<110 { try await github.git("branch", "bot/npm/a\(number)", "main") }
            let commit = try await github.addRepository(branch: "bot/npm/z", file: "other")
            let source = try await github.resolve("demo/tree/bot/npm/z/sub")
            #expect(source.commit == commit)
            #expect(source.directory == "sub")
        }
    }

    @Test func `takes no name for another that only begins like it`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try await github.git("branch", "feature/login-form", "main")
            let error = await #expect(throws: SourceError.self) {
                try await github.resolve("demo/tree/feature/login/sub")
            }
            #expect(error?.code == "REF_NOT_FOUND")
            #expect(error?.message.contains("'feature', 'feature/login', 'feature/login/sub'") == true)
        }
    }

    @Test func `gives the place of a name that is wanted beside the location`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            let commit = try await github.addRepository(branch: "feature/login", file: "other")
            let location = try github.client.locate(github.location("demo/tree/main/sub"), ref: "feature/login")
            let source = try await github.client.resolve(location)
            #expect(source.commit == commit)
            #expect(source.directory == "sub")
        }
    }

    @Test(arguments: [#"{"preset": "html"}"#, #"{"status": 200, "body": {"ref": "refs/heads/main"}}"#])
    func `refuses an answer that is not GitHub's`(_ rule: String) async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("behaviour.json", to: "[{\"on\": \"ref\", \(rule.dropFirst())]")
            let error = await #expect(throws: SourceError.self) { try await github.resolve("demo/tree/main/sub") }
            #expect(error?.code == "GITHUB_UNAVAILABLE")
        }
    }
}

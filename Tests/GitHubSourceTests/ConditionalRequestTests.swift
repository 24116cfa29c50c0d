import HTTPTransport
import RunnerConfig
import TestSupport
import Testing

@testable import GitHubSource

@Suite(.sharedGitHub) struct ConditionalRequestTests {
    @Test func `asks again with the tag of the last answer`() async throws {
        try await GitHubFixture.run { github in
            let commit = try await github.addRepository()
            #expect(try await github.resolve("demo/tree/main/sub").commit == commit)
            #expect(try github.requests().allSatisfy { $0.headers["if-none-match"] == nil })
            let before = try github.requests().count
            #expect(try await github.resolve("demo/tree/main/sub").commit == commit)
            let again = try github.requests().dropFirst(before)
            #expect(again.count == 2)
            #expect(again.allSatisfy { $0.headers["if-none-match"]?.hasPrefix("W/\"") == true })
        }
    }

    @Test func `sees a branch that has moved`() async throws {
        try await GitHubFixture.run { github in
            let first = try await github.addRepository()
            #expect(try await github.resolve().commit == first)
            let second = try await github.addRepository(file: "changed")
            #expect(first != second)
            #expect(try await github.resolve().commit == second)
        }
    }

    @Test func `gives nobody an answer that another token was given`() async throws {
        try await GitHubFixture.run { github in
            try await github.addRepository()
            try github.set("private")
            #expect(try await github.resolve(token: SharedGitHub.token).isPrivate)
            let error = await #expect(throws: SourceError.self) { try await github.resolve() }
            #expect(error?.code == "REPOSITORY_NOT_FOUND")
            #expect(try github.requests().last?.headers["if-none-match"] == nil)
        }
    }

    @Test func `keeps only so many answers, those used last`() {
        let memory = AnswerMemory()
        let answer = APISession.Answer(status: 200, headers: HTTPHeaders([("ETag", "\"1\"")]), body: [1])
        for number in 0...AnswerMemory.entryLimit {
            memory.keep(answer, for: "\(number)")
            _ = memory.entry("0")
        }
        #expect(memory.entry("0")?.tag == "\"1\"")
        #expect(memory.entry("1") == nil)
        #expect(memory.entry("\(AnswerMemory.entryLimit)") != nil)
    }

    @Test func `keeps no failure, nothing without a tag and nothing large`() {
        let memory = AnswerMemory()
        let tagged = HTTPHeaders([("ETag", "\"1\"")])
        memory.keep(APISession.Answer(status: 404, headers: tagged, body: []), for: "failure")
        memory.keep(APISession.Answer(status: 200, headers: HTTPHeaders(), body: []), for: "untagged")
        let large = [UInt8](repeating: 0, count: AnswerMemory.bodyLimitBytes + 1)
        memory.keep(APISession.Answer(status: 200, headers: tagged, body: large), for: "large")
        for key in ["failure", "untagged", "large"] { #expect(memory.entry(key) == nil) }
    }
}

import GitHubSource
import HTTPTransport
import RunnerConfig
import TestSupport
import Testing

/// TLS to a server whose certificate is from a private authority.
@Suite struct TrustTests {
    private func withServer(days: Int = 2, _ body: (LoopbackGitHub, String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try await LoopbackGitHub.makeCertificates(in: directory, days: days)
            try await LoopbackGitHub.run(token: SharedGitHub.token, certificates: directory) {
                try await body($0, directory)
            }
        }
    }

    @Test func `fetches over TLS from a server of the authority that is named`() async throws {
        try await withServer { server, directory in
            try await GitHubFixture.run(caFile: "\(directory)/ca.pem", on: server) { github in
                let commit = try await github.addRepository()
                try github.set("private")
                let source = try await github.resolve(token: SharedGitHub.token)
                #expect(source.commit == commit)
                let archive = try await github.archive(of: source, token: SharedGitHub.token)
                #expect(archive.cached == false)
                #expect(server.api.hasPrefix("https://localhost:"))
            }
        }
    }

    @Test func `sends nothing to a server of an authority that is not trusted`() async throws {
        try await withServer { server, directory in
            try await LoopbackGitHub.makeCertificates(in: try subdirectory(of: directory))
            for caFile in [nil, "\(directory)/other/ca.pem"] {
                try await GitHubFixture.run(caFile: caFile, on: server) { github in
                    try await github.addRepository()
                    let error = await #expect(throws: SourceError.self) {
                        try await github.resolve(token: SharedGitHub.token)
                    }
                    #expect(error?.code == "TLS")
                    #expect(error?.hint?.contains("caFile") == true)
                    #expect(error?.retryable == false)
                    #expect(await github.waits.all == [])
                    #expect(try server.requests() == [])
                }
            }
        }
    }

    @Test func `refuses a certificate that has expired`() async throws {
        try await withServer(days: -1) { server, directory in
            try await GitHubFixture.run(caFile: "\(directory)/ca.pem", on: server) { github in
                try await github.addRepository()
                let error = await #expect(throws: SourceError.self) { try await github.resolve() }
                #expect(error?.code == "TLS")
                #expect(error?.message.contains("expired") == true, "\(error?.message ?? "")")
            }
        }
    }

    @Test func `refuses a certificate for another name`() async throws {
        try await withServer { server, directory in
            let host = server.host.replacing("localhost", with: "127.0.0.1")
            let config = GitHubHostConfig(host: host, apiBaseURL: "https://\(host)", caFile: "\(directory)/ca.pem")
            let client = GitHubClient(http: HTTPClient(), hosts: [config], environment: [:])
            let error = await #expect(throws: SourceError.self) {
                try await client.resolve(client.locate("https://\(host)/octo/demo"))
            }
            #expect(error?.code == "TLS")
            let requests = try server.requests()
            #expect(requests == [])
        }
    }

    @Test func `names the authority's file when it cannot be read`() async throws {
        try await withServer { server, directory in
            try await GitHubFixture.run(caFile: "\(directory)/absent.pem", on: server) { github in
                try await github.addRepository()
                let error = await #expect(throws: SourceError.self) { try await github.resolve() }
                #expect(error?.code == "TLS")
                #expect(error?.message.contains("absent.pem") == true, "\(error?.message ?? "")")
            }
        }
    }

    private func subdirectory(of directory: String) throws -> String {
        try makeDirectory("\(directory)/other")
        return "\(directory)/other"
    }
}

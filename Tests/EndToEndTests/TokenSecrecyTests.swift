import RunnerProtocol
import TestSupport
import Testing

/// Tokens with a word in them that nothing else has: where it may be seen, and where not.
@Suite struct TokenSecrecyTests {
    private static let word = "CANARY"

    @Test func `a token is seen by its own host alone, and in no file, log or answer`() async throws {
        try await LoopbackGitHub.run(token: "own-CANARY-1", catalogToken: "catalog-CANARY-2") { github in
            try await withTemporaryDirectory { directory in
                let component = try await Component.server(in: directory, "web")
                for name in ["web", "refused", "away", "cut", "echo"] {
                    try await github.addRepository("octo/\(name)", from: component.path)
                    try writeTextFile("", to: "\(github.root)/octo/\(name).git/private")
                }
                let elsewhere = "https://evil.example/?token=CANARY-3"
                try script(github, "away", #"[{"on": "tarball", "location": "\#(elsewhere)"}]"#)
                try script(github, "cut", #"[{"on": "archive", "cut": 100}]"#)
                let echo = #"{"message": "no own-CANARY-1 for you, token=CANARY-4 ghs_CANARY5"}"#
                try script(github, "echo", #"[{"on": "repository", "status": 403, "body": \#(echo)}]"#)
                try await github.setEntity(
                    "component:default/web",
                    to: #"{"kind": "Component", "metadata": {"name": "web", "annotations": {"#
                        + #""runner.backstage.io/enabled": "true", "backstage.io/source-location": "#
                        + "\"\(github.location("octo/web"))\"}}}")
                try writeTextFile("own-CANARY-1\n", to: "\(directory)/token")
                let configuration =
                    github.agentConfiguration(adding: ["tokenFile: \(directory)/token"])
                    + "catalog: {baseUrl: \"\(github.catalog)\", tokenEnv: CATALOG}\n"

                let (answers, log) = try await use(configuration, github)
                #expect(!answers.contains(Self.word))
                #expect(!log.contains(Self.word), "\(log)")
                // What the agent was asked and what came of it, so that the silence above means something.
                for code in ["ENGINE_UNAVAILABLE", "UNSUPPORTED_HOST", "NETWORK", "FORBIDDEN", "UNAUTHORIZED"] {
                    #expect(answers.contains(code), "\(code)")
                }
                try expectOwnHostsAlone(github)
            }
        }
    }

    /// Starts every repository, with the configured token, by the catalog and with a token of the request's own.
    private func use(_ configuration: String, _ github: LoopbackGitHub) async throws -> (answers: String, log: String) {
        try await withTemporaryDirectory { place in
            var log: [String] = []
            let ambient = ["GITHUB_TOKEN": "CANARY-6", "GH_TOKEN": "CANARY-7", "GH_ENTERPRISE_TOKEN": "CANARY-8"]
            let environment = ambient.merging(["CATALOG": "catalog-CANARY-2"]) { $1 }.mapValues(Optional.some)
            let answers = try await AgentUnderTest.run(
                configuration: configuration,
                arguments: [
                    "--engine", "unix:///tmp/no-engine-here.sock", "--log-level", "debug", "--mirror",
                    place + "/mirror",
                ],
                environment: environment.merging(["DOCKER_HOST": nil]) { $1 }, directory: place
            ) { agent in
                let client = try agent.client()
                var answers = ""
                for name in ["web", "refused", "away", "cut", "echo"] {
                    let credentials = name == "refused" ? #","credentials":{"token":"request-CANARY-9"}"# : ""
                    answers += try await outcome(
                        client,
                        #"{"source":{"location":"\#(github.location("octo/\(name)"))"},"wait":"running"\#(credentials)}"#
                    )
                }
                answers += try await outcome(client, #"{"componentRef":"component:default/web","wait":"running"}"#)
                answers += try await client.call("runner.list").text
                for instance in try await client.call("runner.list")["instances"]?.arrayValue ?? [] {
                    let id = try #require(instance["id"]?.stringValue)
                    answers += try await client.call("runner.logs", #"{"instanceId":"\#(id)"}"#).text
                }
                answers += try await client.call("agent.info").text
                try agent.process.terminate()
                _ = try await agent.process.ending()
                log = try await agent.process.errorOutput.rest()
                return answers
            }
            // The journal, the logs, the archives and the mirror; the configuration itself holds none either.
            let found = try await run("/bin/sh", ["-c", "grep -rlaF \(Self.word) \(place) || true"])
            #expect(found == "")
            let kept = try await run(
                "/bin/sh", ["-c", "find \(place)/state \(place)/cache \(place)/mirror -type f | wc -l"])
            #expect((Int(kept) ?? 0) > 5)
            return (answers, log.joined(separator: "\n"))
        }
    }

    private func outcome(_ client: RPCClient, _ params: String) async throws -> String {
        do {
            return try await client.call("runner.start", params).text
        } catch let failure as RPCClient.Failed {
            return "\(failure)"
        }
    }

    private func script(_ github: LoopbackGitHub, _ name: String, _ rules: String) throws {
        try writeTextFile(rules, to: "\(github.root)/octo/\(name).git/behaviour.json")
    }

    /// Each port has seen its own tokens in one header field and nothing else of them.
    private func expectOwnHostsAlone(_ github: LoopbackGitHub) throws {
        let own = ["api": ["own-CANARY-1", "request-CANARY-9"], "catalog": ["catalog-CANARY-2"], "codeload": []]
        var seen: Set<String> = []
        for line in try github.requests() {
            var request = try JSONReader.parse(Array(line.utf8))
            let port = try #require(request["port"]?.stringValue)
            let field = request["headers"]?["authorization"]?.stringValue
            if let field {
                #expect(own[port]?.contains { field == "Bearer \($0)" } == true, "\(port)")
                seen.insert(field)
            }
            if case .object(let headers)? = request["headers"] {
                request = .array(headers.members.filter { $0.name != "authorization" }.map(\.value))
            }
            #expect(!request.text.contains(Self.word), "\(port)")
        }
        #expect(seen.count == 3)
    }
}

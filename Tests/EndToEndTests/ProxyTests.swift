import RunnerProtocol
import TestSupport
import Testing

/// An agent whose environment names a proxy, before a GitHub of a private certificate authority.
@Suite struct ProxyTests {
    private func withProxy(
        status: String? = nil, noProxy: String? = nil, _ body: (JSONValue?, String, [String]) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try await LoopbackGitHub.makeCertificates(in: directory)
            let record = "\(directory)/tunnels"
            try writeTextFile("", to: record)
            try await LoopbackGitHub.run(certificates: directory) { github in
                let component = try await Component.server(in: directory, "web")
                try await github.addRepository("octo/web", from: component.path)
                try await ChildProcess.run(SupportTools.path("connect-proxy"), [record] + (status.map { [$0] } ?? [])) {
                    proxy in
                    let address = try #require(try await proxy.output.next())
                    try await AgentUnderTest.run(
                        configuration: github.agentConfiguration(adding: ["caFile: \(directory)/ca.pem"]),
                        environment: ["https_proxy": "http://ada:CANARY@\(address)", "no_proxy": noProxy]
                    ) { agent in
                        var answer: JSONValue?
                        var failure = ""
                        do {
                            answer = try await agent.client().call(
                                "runner.validate", #"{"source":{"location":"\#(github.location("octo/web"))"}}"#)
                        } catch let failed as RPCClient.Failed {
                            failure = failed.description
                        }
                        try body(
                            answer, failure.replacing(address, with: "PROXY"),
                            try readTextFile(record).split(separator: "\n").map(String.init))
                    }
                }
            }
        }
    }

    @Test func `it is used for every host, and TLS goes through to the server itself`() async throws {
        try await withProxy { answer, _, tunnels in
            #expect(answer?["config"]?["type"]?.stringValue == "docker")
            #expect(tunnels.count >= 2)
            #expect(tunnels.allSatisfy { $0.contains("CONNECT localhost:") && $0.contains("ada:CANARY") })
        }
    }

    @Test func `it is not used for a host that no_proxy exempts`() async throws {
        try await withProxy(noProxy: "localhost") { answer, _, tunnels in
            #expect(answer?["config"]?["type"]?.stringValue == "docker")
            #expect(tunnels == [])
        }
    }

    @Test func `one that refuses is named in the error, without its password`() async throws {
        try await withProxy(status: "407") { _, failure, tunnels in
            // Two requests at the same time, with three tries each unless the first one gives up before.
            #expect((3...6).contains(tunnels.count))
            #expect(failure.contains(#""code":"NETWORK""#), "\(failure)")
            #expect(failure.contains("407") && failure.contains("through the proxy PROXY (https_proxy)"), "\(failure)")
            #expect(!failure.contains("CANARY"))
        }
    }
}

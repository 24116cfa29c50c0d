import RunnerProtocol
import TestSupport
import Testing

@Suite struct MirrorTests {
    @Test func `the mirror has every line of both directions and no secret`() async throws {
        try await withTemporaryDirectory { directory in
            let mirror = directory + "/mirror.ndjson"
            let canary = "ghp_canary0123456789canary0123456789"
            try await AgentUnderTest.run(
                arguments: ["--mirror", mirror, "--engine", "unix:///tmp/no-engine-here.sock"],
                environment: ["DOCKER_HOST": nil], directory: directory
            ) { agent in
                let client = try agent.client()
                _ = try await client.call("agent.ping")
                let failed = await #expect(throws: RPCClient.Failed.self) {
                    _ = try await client.call(
                        "runner.start",
                        #"{"source":{"path":"/nowhere"},"wait":"running","credentials":{"token":"hidden-by-place"},"#
                            + #""buildSecrets":{"npm":"also-hidden"},"environment":{"X":"\#(canary)"}}"#)
                }
                #expect(failed?.code == "DIRECTORY_NOT_FOUND")
                let other = try agent.client()
                _ = try await other.call("runner.list")
            }
            let text = try readTextFile(mirror)
            let entries = try text.split(separator: "\n").map { try JSONReader.parse(Array($0.utf8)) }
            #expect(entries.map { $0["direction"]?.stringValue } == ["in", "out", "in", "out", "in", "out"])
            #expect(entries.map { $0["connection"]?.intValue } == [1, 1, 1, 1, 2, 2])
            #expect(entries.allSatisfy { $0["time"]?.stringValue?.hasSuffix("Z") == true })
            #expect(entries[0]["line"]?["method"]?.stringValue == "agent.ping")
            #expect(entries[3]["line"]?["error"]?["data"]?["code"]?.stringValue == "DIRECTORY_NOT_FOUND")
            for secret in [canary, "hidden-by-place", "also-hidden"] { #expect(!text.contains(secret)) }
            #expect(text.contains(#""npm":"<redacted>""#))
        }
    }
}

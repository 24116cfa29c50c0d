import TestSupport
import Testing

@Suite struct CommandTests {
    @Test(arguments: [
        ["--bind-address", "localhost"], ["--bind-address", "999.1.1.1"], ["--public-host", "a b"],
        ["--public-host", "http://x"],
    ])
    func `an address that would expose ports or break URLs is refused before anything starts`(
        arguments: [String]
    ) async throws {
        try await withTemporaryDirectory { directory in
            try await ChildProcess.run(
                AgentUnderTest.binary,
                ["serve", "--socket", directory + "/a.sock", "--state-dir", directory + "/state"] + arguments
            ) { process in
                let message = try await process.errorOutput.rest().joined()
                let ending = try await process.ending()
                #expect(ending == .exited(2))
                #expect(message.contains(arguments[0]), "\(message)")
            }
        }
    }
}

import Glibc
import RunnerProtocol
import Testing

@testable import AgentServer

@Suite struct StdioTests {
    /// Two pipes: what the client writes to, and what it reads from.
    private struct Pipes {
        let input: (read: CInt, write: CInt)
        let output: (read: CInt, write: CInt)

        init() {
            input = Self.make()
            output = Self.make()
        }

        var streams: StandardStreams { StandardStreams(input: input.read, output: output.write) }
        var client: BlockingDescriptor { BlockingDescriptor(number: output.read) }

        func send(_ text: String) async {
            let input = BlockingDescriptor(number: input.write)
            #expect(await onThread { input.write(Array(text.utf8)) })
        }

        func line() async -> String {
            let client = client
            return await onThread {
                var line: [UInt8] = []
                while let byte = client.read(limit: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
                return String(decoding: line, as: UTF8.self)
            }
        }

        /// Everything up to the end of the output, which the caller has closed.
        func rest() async -> String {
            close(output.write)
            let client = client
            return await onThread {
                var all: [UInt8] = []
                while let bytes = client.read(limit: 4_096) { all += bytes }
                return String(decoding: all, as: UTF8.self)
            }
        }

        private static func make() -> (read: CInt, write: CInt) {
            var ends: [CInt] = [0, 0]
            precondition(unsafe pipe(&ends) == 0)
            return (ends[0], ends[1])
        }
    }

    @Test func `answers, and ends with its input`() async throws {
        let pipes = Pipes()
        try await withAgent(stdio: pipes.streams, socket: false) { agent in
            await pipes.send(request(1, "agent.ping") + "nonsense\n" + request(2, "runner.list").dropLast())
            #expect(await pipes.line() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(json(await pipes.line())["error"]?["code"] == -32_700)
            close(pipes.input.write)
            #expect(await pipes.line() == #"{"jsonrpc":"2.0","id":2,"result":{"instances":[]}}"#)
            await agent.service.ended()
            #expect(agent.service.stdioEnd == .inputEnded)
        }
        #expect(await pipes.rest().isEmpty)
    }

    @Test func `a file as input is read to its end and answered`() async throws {
        let scratch = try ScratchDirectory()
        let count = 2_000
        let path = scratch.file("requests")
        let file = unsafe open(path, O_CREAT | O_RDWR, 0o600)
        _ = BlockingDescriptor(number: file)
            .write(Array((1...count).map { request($0, "agent.ping") }.joined().utf8))
        lseek(file, 0, SEEK_SET)
        let output = unsafe open(scratch.file("answers"), O_CREAT | O_RDWR, 0o600)
        try await withAgent(stdio: StandardStreams(input: file, output: output), socket: false) { agent in
            await agent.service.ended()
            #expect(agent.service.stdioEnd == .inputEnded)
        }
        lseek(output, 0, SEEK_SET)
        var all: [UInt8] = []
        while let bytes = BlockingDescriptor(number: output).read(limit: 1 << 16) { all += bytes }
        #expect(all.count { $0 == UInt8(ascii: "\n") } == count)
    }

    @Test func `exit after shutdown ends with 0, without it with 1`() async throws {
        for (first, code) in [(request(1, "shutdown"), 0), ("", 1)] {
            let pipes = Pipes()
            try await withAgent(stdio: pipes.streams, socket: false) { agent in
                await pipes.send(first + #"{"jsonrpc":"2.0","method":"exit"}"# + "\n")
                if !first.isEmpty { #expect(await pipes.line() == #"{"jsonrpc":"2.0","id":1,"result":null}"#) }
                await agent.service.ended()
                #expect(agent.service.stdioEnd?.exitCode == Int32(code))
            }
        }
    }

    @Test func `a watch does not keep a session whose input has ended`() async throws {
        let pipes = Pipes()
        try await withAgent(stdio: pipes.streams, socket: false) { agent in
            await pipes.send(request(1, "runner.watch"))
            #expect(json(await pipes.line())["result"]?["instances"] == [])
            close(pipes.input.write)
            await agent.service.ended()
            #expect(agent.service.stdioEnd == .inputEnded)
        }
    }

    @Test func `the end of the named process ends the session`() async throws {
        let pipes = Pipes()
        // A process that has ended already: ours to create and to know gone.
        var child = pid_t()
        let arguments: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("/bin/true"), nil]
        #expect(unsafe posix_spawn(&child, "/bin/true", nil, nil, arguments, environ) == 0)
        waitpid(child, nil, 0)
        unsafe free(arguments[0])
        try await withAgent(stdio: pipes.streams, socket: false) { agent in
            await pipes.send(request(1, "initialize", #"{"processId":\#(child)}"#))
            await agent.service.ended()
            #expect(agent.service.stdioEnd == .parentGone)
        }
    }

    @Test func `stdio and the socket share one runner`() async throws {
        let pipes = Pipes()
        try await withAgent(stdio: pipes.streams) { agent in
            let client = try agent.connect()
            await pipes.send(request(1, "agent.info"))
            #expect(json(await pipes.line())["result"]?["socket"] == .string(agent.path))
            await client.send(request(2, "agent.ping"))
            #expect(json(await client.line())["id"] == 2)
        }
    }

    @Test func `a forwarder passes lines on and answers shutdown itself`() async throws {
        try await withAgent { agent in
            let pipes = Pipes()
            let forwarder = try StdioForwarder(pipes.streams, path: agent.path)
            async let outcome = forwarder.run()
            await pipes.send(request(1, "agent.ping") + request(2, "shutdown"))
            let answers = Set([await pipes.line(), await pipes.line()])
            #expect(
                answers == [
                    #"{"jsonrpc":"2.0","id":1,"result":{}}"#, #"{"jsonrpc":"2.0","id":2,"result":null}"#,
                ])
            await pipes.send(#"{"jsonrpc":"2.0","method":"exit"}"# + "\n")
            #expect(await outcome == .ended(.exited(afterShutdown: true)))
            // The agent did not hear of it.
            let client = try agent.connect()
            await client.send(request(3, "agent.ping"))
            #expect(json(await client.line())["result"] == [:])
        }
    }

    @Test func `a forwarder serves to the end a client that has closed its sending side`() async throws {
        try await withAgent { agent in
            let pipes = Pipes()
            let forwarder = try StdioForwarder(pipes.streams, path: agent.path)
            async let outcome = forwarder.run()
            await pipes.send(request(1, "agent.ping"))
            close(pipes.input.write)
            #expect(await outcome == .ended(.inputEnded))
            #expect(await pipes.line() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        }
    }

    @Test func `a forwarder survives its agent and keeps what was not passed on`() async throws {
        let pipes = Pipes()
        let scratch = try ScratchDirectory()
        let file = try SocketFile.listen(at: scratch.file("run/agent.sock"), access: .owner)
        let forwarder = try StdioForwarder(pipes.streams, path: file.path)
        async let outcome = forwarder.run()
        let agent = BlockingDescriptor(number: await onThread { accept(file.listener, nil, nil) })
        await pipes.send(request(5, "runner.list") + #"{"jsonrpc":"#)
        // An agent that dies after it has read everything.
        var received = 0
        while received < (request(5, "runner.list")).utf8.count {
            received += await onThread { agent.read(limit: 4_096)?.count ?? 0 }
        }
        close(agent.number)
        close(file.listener)
        #expect(await outcome == .agentEnded)
        let answer = json(await pipes.line())
        #expect(answer["id"] == 5)
        #expect(answer["error"]?["data"]?["code"] == "SHUTTING_DOWN")
        #expect(forwarder.unread.isEmpty || forwarder.unread == Array(#"{"jsonrpc":"#.utf8))
    }
}

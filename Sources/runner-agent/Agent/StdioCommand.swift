import AgentServer
import ArgumentParser
import RunnerCore

/// `stdio`: the protocol on stdin and stdout, whoever the agent is.
struct StdioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stdio",
        abstract: "Speak the protocol on stdin and stdout.",
        discussion: """
            For programs that start the agent as a child. If an agent holds the state directory, everything is passed on to it \
            through its socket; otherwise this process is the agent, and listens on the socket too. When the agent it passes on to \
            ends, it takes its place. stdout carries nothing but the protocol; the log is on stderr.

            At the end of stdin everything asked for is still answered. Components go on running.

            Exit status: 0; 1 after `exit` without `shutdown`, or when no agent can be reached nor be this process; 2 when the \
            arguments or the configuration are wrong.
            """)

    @OptionGroup var options: AgentOptions

    func run() async throws {
        // Before anything can print.
        let streams: StandardStreams
        do throws(SocketError) { streams = try .claim() } catch { throw CommandError(error) }
        let composition = try AgentComposition(options)
        do {
            let end = try await StdioSession(streams: streams, composition: composition).run()
            throw ExitCode(end.exitCode)
        } catch let exit as ExitCode {
            throw exit
        } catch {
            throw CommandError(agent: error)
        }
    }
}

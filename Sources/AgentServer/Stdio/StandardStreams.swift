internal import CLinuxShims
internal import Glibc

/// The process's stdin and stdout, claimed for the protocol.
///
/// stdout is duplicated, then descriptor 1 is pointed at stderr, so that a stray print can never corrupt the protocol.
package struct StandardStreams: Sendable {
    let input: BlockingDescriptor
    let output: BlockingDescriptor

    /// Streams of a test or of another program; the caller keeps them open.
    package init(input: CInt, output: CInt) {
        self.input = BlockingDescriptor(number: input)
        self.output = BlockingDescriptor(number: output)
    }

    /// Claims this process's own streams; call it once, before anything can print.
    package static func claim() throws(SocketError) -> StandardStreams {
        let output = CLinuxShims_duplicate(STDOUT_FILENO)
        guard output >= 0 else { throw .system("dup", "stdout", errno: -output) }
        guard dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else { throw .system("dup2", "stdout", errno: errno) }
        return StandardStreams(input: STDIN_FILENO, output: output)
    }
}

import Glibc

/// What SIGINT does to a `start` that waits: it says what goes on without the command, and ends the command alone.
enum Interruption {
    static func explain() {
        signal(SIGINT) { _ in
            // Only what is safe in a signal handler: constants, write(2) and _exit(2).
            let text: StaticString =
                "\nThe start goes on in the agent: `runner-agent list` shows it, `runner-agent stop` ends it.\n"
            unsafe _ = Glibc.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
            _exit(128 + SIGINT)
        }
    }
}

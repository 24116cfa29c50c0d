import Glibc
import ServiceLifecycle

/// Lets the second SIGINT or SIGTERM end the process at once, whatever a graceful stop is still waiting for.
struct SecondSignal: Service {
    func run() async throws {
        await withGracefulShutdownHandler {
            // Returns as the stop begins; from then on the signals do what they do by default.
            try? await gracefulShutdown()  // Throws only when cancelled, which ends the wait as well.
        } onGracefulShutdown: {
            Self.arm()
        }
    }

    private static func arm() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}

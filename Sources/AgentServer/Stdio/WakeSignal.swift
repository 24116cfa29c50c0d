internal import CLinuxShims
internal import Glibc

/// Lets any thread wake one that waits in poll(2); a signal that comes before the wait is not lost.
final class WakeSignal: Sendable {
    private let descriptor: CInt

    init() throws(SocketError) {
        let descriptor = CLinuxShims_eventfd()
        guard descriptor >= 0 else { throw .system("eventfd", "", errno: -descriptor) }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func signal() { CLinuxShims_eventfd_signal(descriptor) }

    /// Waits for a signal, or until `other` has something to read or has ended; returns whether `other` has.
    func wait(orReadable other: CInt? = nil) -> Bool {
        var watched = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        if let other { watched.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0)) }
        while unsafe poll(&watched, nfds_t(watched.count), -1) < 0 {
            // Anything but an interruption would be a closed descriptor, which is our own fault.
            precondition(errno == EINTR, "poll failed: \(systemMessage(errno))")
        }
        if watched[0].revents != 0 {
            var count: UInt64 = 0
            unsafe withUnsafeMutableBytes(of: &count) { _ = unsafe read(descriptor, $0.baseAddress, 8) }
        }
        return watched.count > 1 && watched[1].revents != 0
    }
}

internal import CLinuxShims
internal import Glibc

/// Notices the end of a process that is not our child, by its pidfd, so that a reused pid cannot fool it.
enum ProcessWatch {
    /// Calls `onEnd` once when the process is gone, which may be at once.
    ///
    /// The thread waits without waking up; it lives until the process or ours ends.
    static func start(pid: Int32, onEnd: @escaping @Sendable () -> Void) {
        let descriptor = CLinuxShims_pidfd_open(pid)
        guard descriptor >= 0 else {
            // Only "no such process" says that it is gone; without pidfds the end of stdin has to do.
            if descriptor == -ESRCH { onEnd() }
            return
        }
        BlockingThread.start {
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while unsafe poll(&watched, 1, -1) < 0, errno == EINTR {}
            close(descriptor)
            onEnd()
        }
    }
}

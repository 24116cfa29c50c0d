import CCurl
import Glibc
import NIOConcurrencyHelpers

/// The queue to the thread that runs all transfers of a client, and that thread's life.
///
/// Anybody may post; the thread is woken only when the queue was empty, because it takes the whole queue at once.
final class TransferLoop: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case resumeReceiving(Transfer)
        case resumeSending(Transfer)
        /// The transfer has ended on our side: close its connection.
        case remove(Transfer)
    }

    /// What the thread finds when it takes the queue.
    struct Work: Sendable {
        var commands: [Command]
        var isStopping: Bool
    }

    private enum Phase: Sendable {
        /// May go to `running` or `stopping`.
        case idle
        /// The thread exists; it can be woken once its multi handle is here. May go to `stopping`.
        case running(MultiHandle?)
        /// Nothing is accepted any more.
        case stopping
    }

    private struct State: Sendable {
        var phase = Phase.idle
        var commands: [Command] = []
    }

    private let threadName: String
    private let state = NIOLockedValueBox(State())

    init(threadName: String) {
        self.threadName = threadName
    }

    // MARK: Any thread

    /// Queues a new transfer and starts the thread with the first one; returns why that was impossible.
    func start(_ transfer: Transfer) -> HTTPTransportError? {
        state.withLockedValue { state in
            switch state.phase {
            case .stopping:
                return .clientShutDown
            case .running:
                Self.append(.start(transfer), to: &state)
            case .idle:
                guard startThread() else { return .init(code: .internal, message: "no thread could be started") }
                state.phase = .running(nil)
                Self.append(.start(transfer), to: &state)
            }
            return nil
        }
    }

    /// Queues a command for a transfer that was started; after `stop()` there is nothing left to command.
    func post(_ command: Command) {
        state.withLockedValue { state in
            guard case .running = state.phase else { return }
            Self.append(command, to: &state)
        }
    }

    /// Makes the thread end all transfers and itself.
    func stop() {
        state.withLockedValue { state in
            let phase = state.phase
            state.phase = .stopping
            // Under the lock, because the thread frees the handle once it has seen this phase.
            if case .running(let multi?) = phase { multi.wakeUp() }
        }
    }

    private static func append(_ command: Command, to state: inout State) {
        state.commands.append(command)
        guard state.commands.count == 1, case .running(let multi?) = state.phase else { return }
        multi.wakeUp()
    }

    // MARK: The thread

    private func startThread() -> Bool {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self)
        let error = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard error == 0 else {
            unsafe context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        Self.prepareThread(name: threadName)
        let driver = TransferDriver()
        let canRun = state.withLockedValue { state in
            guard case .running = state.phase, let driver else { return false }
            state.phase = .running(driver.multi)
            return true
        }
        if canRun { driver?.run(taking: takeWork) }
        let abandoned = state.withLockedValue { state in
            state.phase = .stopping
            defer { state.commands = [] }
            return state.commands
        }
        for case .start(let transfer) in abandoned {
            transfer.end(
                driver == nil ? .init(code: .internal, message: "libcurl could not be started") : .clientShutDown)
        }
    }

    private func takeWork() -> Work {
        state.withLockedValue { state in
            defer { state.commands.removeAll(keepingCapacity: true) }
            if case .stopping = state.phase { return Work(commands: state.commands, isStopping: true) }
            return Work(commands: state.commands, isStopping: false)
        }
    }

    /// A TLS library may write to a closed connection with plain `write`: its signal must not end the process.
    private static func prepareThread(name: String) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        unsafe CCurl_name_thread(name)
    }
}

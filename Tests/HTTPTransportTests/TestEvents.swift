import Glibc
import NIOConcurrencyHelpers

/// Values from a server's thread to a test, in order; the test suspends until one is there.
final class Mailbox<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func post(_ value: Value) {
        continuation.yield(value)
    }

    /// The next value; `nil` when the test was cancelled, as by its time limit.
    func next() async -> Value? {
        await stream.first { _ in true }
    }
}

/// Holds a server's thread until the test opens it.
final class Gate: Sendable {
    private let isOpen = ConditionLock(value: false)

    func open() {
        isOpen.lock()
        isOpen.unlock(withValue: true)
    }

    /// Returns after the opening, or after a time that fails the test otherwise.
    func wait() {
        if isOpen.lock(whenValue: true, timeoutSeconds: 20) { isOpen.unlock() }
    }
}

/// Runs a blocking body on a thread of its own.
func onThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(ThreadBody(run: body))
    let error = unsafe pthread_create(
        &thread, nil,
        { context in
            guard let context = unsafe context else { return nil }
            unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
            return nil
        }, context.toOpaque())
    precondition(error == 0, "no thread")
    pthread_detach(thread)
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

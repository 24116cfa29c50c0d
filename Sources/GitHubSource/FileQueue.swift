import Dispatch

/// A serial thread for blocking file calls.
///
/// Swift's cooperative pool has as many threads as the machine has cores; a blocking call there stalls other tasks.
struct FileQueue: Sendable {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Runs `body` on the thread, after all that was submitted before.
    ///
    /// Cancelling the task does not interrupt it.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(FileError) -> Value
    ) async throws(SourceError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, FileError>, Never>) in
            queue.async { continuation.resume(returning: Result(catching: body)) }
        }
        do {
            return try result.get()
        } catch {
            throw error.sourceError
        }
    }

    /// Submits `body` and does not wait for it.
    func submit(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }
}

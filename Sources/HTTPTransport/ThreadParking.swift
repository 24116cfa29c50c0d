import NIOConcurrencyHelpers

/// Blocks one thread until another one lets it go, once.
final class ThreadParking: Sendable {
    private let isReleased = ConditionLock(value: false)

    func park() {
        isReleased.lock(whenValue: true)
        isReleased.unlock()
    }

    func unpark() {
        isReleased.lock()
        isReleased.unlock(withValue: true)
    }
}

import NIOConcurrencyHelpers

/// Bounds how many bytes of small files are kept while pointers of Git LFS are looked for among them.
final class PointerBudget: Sendable {
    private let rest: NIOLockedValueBox<Int64>

    init(bytes: Int64) {
        rest = NIOLockedValueBox(bytes)
    }

    /// Whether `size` more bytes fit.
    func take(_ size: Int64) -> Bool {
        rest.withLockedValue { rest in
            // Once exceeded, it stays so: what fits after a gap would be a random choice.
            guard rest >= size else {
                rest = -1
                return false
            }
            rest -= size
            return true
        }
    }

    var wasExceeded: Bool { rest.withLockedValue { $0 < 0 } }
}

/// How far a pull is.
package struct PullProgress: Sendable, Hashable {
    /// The layer, or the tag for messages about the whole image; empty for the last ones.
    package let id: String
    /// `Downloading`, `Extracting` or `Pull complete`, for example.
    package let status: String
    /// Bytes, when the engine counts them.
    package let current: Int64?
    package let total: Int64?
}

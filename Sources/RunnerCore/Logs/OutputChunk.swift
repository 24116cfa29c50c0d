/// Some bytes that a container wrote.
struct OutputChunk: Sendable, Hashable {
    var stream: LogSource
    var bytes: [UInt8]
    /// When the engine says they were written; nil for now.
    var time: WallTime?
}

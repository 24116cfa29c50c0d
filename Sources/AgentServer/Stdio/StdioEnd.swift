/// Why a stdio session ended.
package enum StdioEnd: Sendable, Hashable {
    /// stdin ended and everything asked for was served.
    case inputEnded
    /// Nobody reads stdout any more.
    case outputClosed
    /// The client sent `exit`; as in LSP, without `shutdown` before it that is a fault of the client's.
    case exited(afterShutdown: Bool)
    /// The process named in `initialize` is gone.
    case parentGone
    /// The agent is stopping.
    case stopped

    package var exitCode: Int32 {
        if case .exited(afterShutdown: false) = self { return 1 }
        return 0
    }
}

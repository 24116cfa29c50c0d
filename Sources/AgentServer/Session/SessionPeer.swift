/// Who is at the other end.
enum SessionPeer: Sendable, Hashable {
    /// The process that started us.
    case stdio
    case socket(uid: UInt32, pid: Int32)

    /// The uid that starts are counted against; a stdio client is ourselves.
    func uid(own: UInt32) -> UInt32 {
        switch self {
        case .stdio: own
        case .socket(let uid, _): uid
        }
    }

    var isStdio: Bool { self == .stdio }
}

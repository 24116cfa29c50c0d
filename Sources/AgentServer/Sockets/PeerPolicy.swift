internal import CLinuxShims
internal import Glibc

/// Who called connect(2) on the other end, as the kernel recorded it then.
struct PeerCredential: Sendable {
    let pid: Int32
    let uid: UInt32
    let gid: UInt32

    init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }

    /// Nil when `descriptor` is no unix socket.
    init?(descriptor: CInt) {
        var credential = CLinuxShims_credential()
        guard unsafe CLinuxShims_peer_credential(descriptor, &credential) == 0 else { return nil }
        pid = credential.pid
        uid = credential.uid
        gid = credential.gid
    }
}

/// Which peers the agent talks to: its own uid, root, and the members of the socket's group.
struct PeerPolicy: Sendable {
    let ownUID: UInt32
    let access: SocketAccess

    func admits(_ peer: PeerCredential, descriptor: CInt) -> Bool {
        if peer.uid == ownUID || peer.uid == 0 { return true }
        guard case .group(let gid) = access else { return false }
        return peer.gid == gid || CLinuxShims_peer_has_group(descriptor, gid) == 1
    }
}

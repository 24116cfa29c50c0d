internal import Glibc

/// Who, besides root, may use the socket.
package enum SocketAccess: Sendable, Hashable {
    /// Our own uid: directory 0700, socket 0600.
    case owner
    /// Our own uid and the members of a group: directory 0750, socket 0660, both of that group.
    case group(UInt32)

    var directoryMode: UInt32 {
        switch self {
        case .owner: 0o700
        case .group: 0o750
        }
    }

    var socketMode: UInt32 {
        switch self {
        case .owner: 0o600
        case .group: 0o660
        }
    }

    /// The access a `--socket-group` value asks for: a group's name or its number.
    package static func group(named name: String) throws(SocketError) -> SocketAccess {
        if let number = UInt32(name) { return .group(number) }
        var entry = unsafe Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        let status = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return EINVAL }
            return unsafe getgrnam_r(name, &entry, base, buffer.count, &found)
        }
        guard status == 0, unsafe found != nil else {
            throw SocketError(.unknownGroup, "There is no group \(name); `getent group` lists the ones there are.")
        }
        return unsafe .group(entry.gr_gid)
    }
}

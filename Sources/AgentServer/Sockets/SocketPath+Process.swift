internal import Glibc

extension SocketPath {
    /// ``resolve(explicit:environment:uid:isOwnDirectory:)`` for this process.
    package static func resolve(explicit: String?, environment: [String: String]) -> String {
        let uid = getuid()
        return resolve(explicit: explicit, environment: environment, uid: uid) { path in
            guard let status = FileStatus(path: path) else { return false }
            return status.isDirectory && status.uid == uid
        }
    }
}

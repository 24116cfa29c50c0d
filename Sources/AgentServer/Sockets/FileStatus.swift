internal import Glibc

/// What lstat(2) says about a path: a symbolic link is never followed.
struct FileStatus {
    let device: UInt64
    let inode: UInt64
    let uid: UInt32
    let gid: UInt32
    private let mode: UInt32

    /// Nil when nothing is there or it cannot be looked at.
    init?(path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        uid = status.st_uid
        gid = status.st_gid
        mode = status.st_mode
    }

    var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    var isSocket: Bool { mode & S_IFMT == S_IFSOCK }
    var permissions: UInt32 { mode & 0o777 }
}

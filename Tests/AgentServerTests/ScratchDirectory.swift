import Glibc

/// A directory of one test, with a path short enough for sockets.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/ra-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw ScratchError(errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    func file(_ name: String) -> String { path + "/" + name }

    struct ScratchError: Error { let errno: CInt }

    private static func remove(_ path: String) {
        if let directory = unsafe opendir(path) {
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            unsafe closedir(directory)
        }
        unsafe Glibc.remove(path)
    }
}

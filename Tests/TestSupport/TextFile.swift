import SystemPackage

/// Writes `text` to `path`, made with mode 0600 when it is not there.
package func writeTextFile(_ text: String, to path: String) throws {
    let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
}

/// The contents of `path` as text.
package func readTextFile(_ path: String) throws -> String {
    let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
    return try file.closeAfter {
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try unsafe chunk.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
            if count == 0 { return String(decoding: contents, as: UTF8.self) }
            contents += chunk[..<count]
        }
    }
}

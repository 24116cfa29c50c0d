/// What is at `path` below the directory `root`, found without a listing and without following a link below `root`.
///
/// Nil when there is nothing, when a link is on the way, and for a socket, named pipe or device.
package func memberKind(at path: ArchivePath, inDirectory root: String) throws(ArchiveError) -> MemberKind? {
    var directory = try OwnedDescriptor(openingDirectory: root)
    let components = path.components
    for (index, component) in components.enumerated() {
        guard let entry = try directory.entry(component, shownAs: path.bytes) else { return nil }
        switch entry.kind {
        case .directory where index < components.count - 1:
            directory = try OwnedDescriptor(entry: component, of: directory, isDirectory: true, shownAs: path.bytes)
        case .directory: return .directory
        case .file(let size): return index == components.count - 1 ? .file(size: size) : nil
        case .symlink(let target): return index == components.count - 1 ? .symlink(target: target) : nil
        case .special: return nil
        }
    }
    return .directory
}

/// Warnings, of which a hostile source can make only so many.
struct WarningList: Sendable {
    private static let shownLimit = 20

    private var shown: [String] = []
    private var hidden = 0

    mutating func add(_ warning: String) {
        if shown.count < Self.shownLimit {
            shown.append(warning)
        } else {
            hidden += 1
        }
    }

    /// Warns about a link whose target is not inside the tree that `path` is relative to.
    mutating func check(link path: ArchivePath, target: [UInt8]) {
        guard target.first == slash || Self.climbsOut(of: path, target) else { return }
        add("the symbolic link \"\(path)\" points outside: \"\(escapedForDisplay(target))\"")
    }

    /// The warnings, with a last line that counts those that are not shown.
    var texts: [String] {
        hidden == 0 ? shown : shown + ["\(hidden) more warnings are not shown"]
    }

    private static func climbsOut(of path: ArchivePath, _ target: [UInt8]) -> Bool {
        var depth = path.components.count - 1
        for component in target.split(separator: slash) {
            if component.elementsEqual([dot]) { continue }
            depth += component.elementsEqual([dot, dot]) ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }
}

/// A relative path inside a source, as bytes: Git names are bytes, not text.
///
/// Never absolute, never with an empty, `.` or `..` component, a NUL, or more than the limits allow. The empty path is
/// the root.
package struct ArchivePath: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let bytes: [UInt8]

    package static let root = ArchivePath(unchecked: [])

    /// Checks `bytes`, which have no trailing slash.
    ///
    /// - Throws: `invalid` for an empty component or NUL, `unsafe` for an absolute path, `.` or `..`, `tooLarge` for a
    ///   limit.
    package init(validating bytes: [UInt8], limits: ArchiveLimits = .standard) throws(ArchiveError) {
        guard bytes.count <= limits.pathBytes else {
            throw .tooLarge("the path", limit: "pathBytes", value: limits.pathBytes, member: bytes)
        }
        var depth = 0
        var start = 0
        for position in bytes.indices {
            if bytes[position] == slash {
                try Self.check(start..<position, of: bytes, limits: limits)
                depth += 1
                start = position + 1
            } else if bytes[position] == 0 {
                throw .invalid("the path has a NUL byte", member: bytes)
            }
        }
        if !bytes.isEmpty {
            try Self.check(start..<bytes.count, of: bytes, limits: limits)
            depth += 1
        }
        guard depth <= limits.depth else {
            throw .tooLarge("the path", limit: "depth", value: limits.depth, unit: "components", member: bytes)
        }
        self.bytes = bytes
    }

    package init(_ text: String) throws(ArchiveError) {
        try self.init(validating: Array(text.utf8))
    }

    init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static func check(
        _ component: Range<Int>, of bytes: [UInt8], limits: ArchiveLimits
    ) throws(ArchiveError) {
        if component.isEmpty {
            if bytes.first == slash { throw .unsafe("the path is absolute", member: bytes) }
            throw .invalid("the path has an empty component", member: bytes)
        }
        if component.count <= 2, bytes[component].allSatisfy({ $0 == dot }) {
            throw .unsafe("the path has a '.' or '..' component", member: bytes)
        }
        guard component.count <= limits.componentBytes else {
            throw .tooLarge(
                "a path component", limit: "componentBytes", value: limits.componentBytes, member: bytes)
        }
    }

    package var isRoot: Bool { bytes.isEmpty }

    package var components: [[UInt8]] { bytes.split(separator: slash).map(Array.init) }

    /// The last component; the root's is empty.
    package var name: ArraySlice<UInt8> {
        bytes[(bytes.lastIndex(of: slash).map { $0 + 1 } ?? 0)...]
    }

    /// The directory that holds this path; the root's is the root.
    package var parent: ArchivePath {
        guard let cut = bytes.lastIndex(of: slash) else { return .root }
        return ArchivePath(unchecked: Array(bytes[..<cut]))
    }

    /// Whether this path is an entry of `directory`.
    func isEntry(of directory: ArchivePath) -> Bool {
        guard let cut = bytes.lastIndex(of: slash) else { return directory.isRoot }
        return cut == directory.bytes.count && bytes.starts(with: directory.bytes)
    }

    /// Whether this path is `directory` itself or lies below it.
    package func hasPrefix(_ directory: ArchivePath) -> Bool {
        if directory.isRoot || bytes == directory.bytes { return true }
        return bytes.count > directory.bytes.count && bytes[directory.bytes.count] == slash
            && bytes.starts(with: directory.bytes)
    }

    /// The rest of this path below `directory`, or nil when it is not below it.
    package func relative(to directory: ArchivePath) -> ArchivePath? {
        guard hasPrefix(directory) else { return nil }
        if directory.isRoot { return self }
        return ArchivePath(unchecked: Array(bytes.dropFirst(directory.bytes.count + 1)))
    }

    package func appending(_ path: ArchivePath) throws(ArchiveError) -> ArchivePath {
        if isRoot { return path }
        if path.isRoot { return self }
        return try ArchivePath(validating: bytes + [slash] + path.bytes)
    }

    /// What `text` in a configuration file means when this directory is where relative paths start.
    ///
    /// A leading `/` means the root of the source; `.`, doubled and trailing slashes are allowed; `..` may climb to the
    /// root and not beyond it.
    package func resolving(_ text: String) throws(ArchiveError) -> ArchivePath {
        let written = Array(text.utf8)
        var resolved: [[UInt8]] = written.first == slash ? [] : components
        for component in written.split(separator: slash) {
            if component.elementsEqual([dot]) { continue }
            if component.elementsEqual([dot, dot]) {
                guard resolved.popLast() != nil else {
                    throw .unsafe("the path leaves the repository", member: written)
                }
                continue
            }
            resolved.append(Array(component))
        }
        return try ArchivePath(validating: Array(resolved.joined(separator: [slash])))
    }

    /// The path for display: escaped, and cut when it is long.
    package var description: String { escapedForDisplay(bytes) }

    package static func < (left: ArchivePath, right: ArchivePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

let slash = UInt8(ascii: "/")
let dot = UInt8(ascii: ".")

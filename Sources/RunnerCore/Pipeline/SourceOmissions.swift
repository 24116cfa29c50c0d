import SourceArchive

/// What a repository has and the archives that GitHub makes of it have not, as far as the archive itself tells.
///
/// Files kept in Git LFS are small text files that name the contents
/// (<https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>), submodules are empty directories
/// (<https://git-scm.com/docs/gitmodules>), and files with the attribute `export-ignore` are missing
/// (<https://git-scm.com/docs/gitattributes>). A local directory may lack the first two as well.
struct SourceOmissions: Sendable {
    private(set) var submodules: [ArchivePath] = []
    /// In the order of the source.
    private(set) var pointers: [ArchivePath] = []
    /// More pointers than were read.
    private(set) var hasMorePointers = false
    /// Patterns, each with its directory.
    private(set) var ignored: [String] = []

    static let pointerReason = "it is kept in Git LFS, and the source holds only a pointer to it"

    private static let pointerStart = Array("version https://git-lfs.github.com/spec/".utf8)
    /// By the specification; the shortest one has about 120 bytes.
    private static let pointerSizes: ClosedRange<Int64> = 100...1024
    private static let shownLimit = 5
    private static let modulesName = Array(".gitmodules".utf8)
    private static let attributesName = Array(".gitattributes".utf8)

    static func isPointer(_ contents: [UInt8]) -> Bool {
        contents.count <= pointerSizes.upperBound && contents.starts(with: pointerStart)
    }

    /// Whether the file must be captured while the source is inspected.
    static func wants(_ path: ArchivePath) -> Bool {
        path.bytes.elementsEqual(modulesName) || path.bytes.suffix(attributesName.count).elementsEqual(attributesName)
    }

    /// Looks through what was captured, and once more through the source when it uses Git LFS.
    ///
    /// Blocks.
    init(
        of tree: SourceTree, _ inspection: SourceInspection, fromArchive: Bool, limits: ArchiveLimits,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws {
        var usesLFS = false
        for (path, contents) in inspection.captured.sorted(by: { $0.key < $1.key }) where Self.wants(path) {
            if path.bytes == Self.modulesName {
                submodules = Self.submodules(in: contents).filter { isEmpty($0, tree, inspection) }
                continue
            }
            let attributes = Self.attributes(in: contents)
            usesLFS = usesLFS || attributes.contains { $0.names.contains("filter=lfs") }
            if fromArchive {
                let patterns = attributes.filter { $0.names.contains("export-ignore") }.map(\.pattern)
                let directory = path.parent == .root ? "" : "\(path.parent)/"
                ignored += patterns.map { directory + escapedForDisplay(Array($0.utf8)) }
            }
        }
        if usesLFS { try findPointers(in: tree, limits, isCancelled) }
    }

    /// Why the file or directory at `path` is not there; nil when nothing is known.
    func reason(for path: ArchivePath) -> String? {
        guard let submodule = submodules.first(where: { path.hasPrefix($0) }) else { return nil }
        return "\(submodule) is a Git submodule, whose files are not in the source"
    }

    /// A sentence for each kind.
    var warnings: [String] {
        let submodules = Self.list(submodules.map(\.description), more: false)
        let pointers = Self.list(pointers.map(\.description), more: hasMorePointers)
        let ignored = Self.list(ignored, more: false)
        return [
            submodules.map { "the source does not hold the files of Git submodules: \($0)" },
            pointers.map { "files kept in Git LFS are only pointers in the source: \($0)" },
            ignored.map { "export-ignore in .gitattributes leaves files out of GitHub's archives: \($0)" },
        ].compactMap(\.self)
    }

    /// The first of `names`, and how many more there are; nil for none.
    private static func list(_ names: [String], more: Bool) -> String? {
        guard !names.isEmpty else { return nil }
        let shown = names.prefix(shownLimit).joined(separator: ", ")
        let rest = names.count - min(names.count, shownLimit)
        if rest == 0 { return shown + (more ? " and more" : "") }
        return "\(shown) and \(rest)\(more ? " or more" : "") more"
    }

    private mutating func findPointers(
        in tree: SourceTree, _ limits: ArchiveLimits, _ isCancelled: @escaping @Sendable () -> Bool
    ) throws {
        let budget = PointerBudget(bytes: limits.capturedTotalBytes)
        let inspection = try inspectSource(
            tree, limits: limits,
            capture: { _, size in Self.pointerSizes.contains(size) && budget.take(size) }, isCancelled: isCancelled)
        pointers = inspection.captured.filter { Self.isPointer($0.value) }.map(\.key).sorted()
        hasMorePointers = budget.wasExceeded
    }

    private func isEmpty(_ path: ArchivePath, _ tree: SourceTree, _ inspection: SourceInspection) -> Bool {
        switch inspection.kind(of: path) {
        case .file, .symlink: return false
        case nil: return true
        case .directory: break
        }
        // A directory may have been checked out with its submodules; an archive never is.
        guard case .directory(let root) = tree else { return true }
        return FileAccess.names(in: "\(root)/\(path)").isEmpty
    }

    // MARK: Git's files

    /// The values of `path` in the sections of `.gitmodules`; what cannot be a path is left out.
    private static func submodules(in contents: [UInt8]) -> [ArchivePath] {
        lines(of: contents).compactMap { line in
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]) == "path" else { return nil }
            var value = trimmed(parts[1])
            if value.hasPrefix("\""), value.hasSuffix("\""), value.utf8.count >= 2 {
                value = value.dropFirst().dropLast()
            }
            while value.hasSuffix("/") { value = value.dropLast() }
            // Losing the error is right: git could not have checked such a path out either.
            guard !value.isEmpty else { return nil }
            return try? ArchivePath(String(value))
        }
    }

    private static func attributes(in contents: [UInt8]) -> [(pattern: String, names: [Substring])] {
        lines(of: contents).compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" }
            guard let pattern = words.first, !pattern.hasPrefix("#"), words.count > 1 else { return nil }
            return (String(pattern), Array(words.dropFirst()))
        }
    }

    private static func lines(of contents: [UInt8]) -> [Substring] {
        String(decoding: contents, as: UTF8.self).split { $0 == "\n" || $0 == "\r\n" }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { start[...$0] } ?? ""
    }
}

internal import SystemPackage

/// Reads a `.tar.gz`: gunzip, tar, and the rules on paths, in windows of a fixed size.
final class ArchiveReader: MemberReader {
    private let limits: ArchiveLimits
    private let isCancelled: () -> Bool
    private let file: OwnedDescriptor
    private var inflater: GzipInflater
    private var lexer: TarLexer
    private var input: [UInt8]
    private var inputCount = 0
    private var inputOffset = 0
    private var window: [UInt8]
    private var windowCount = 0
    private var windowOffset = 0
    private var isInContents = false
    private var members = 0
    private var topFolder: [UInt8]?

    private(set) var index: SourceIndex
    private(set) var warnings = WarningList()
    private(set) var commitTime: Int64 = 0

    static let standardWindowBytes = 256 << 10

    /// - Parameter windowBytes: the size of the compressed and of the expanded window.
    init(
        path: String, limits: ArchiveLimits, windowBytes: Int = standardWindowBytes,
        isCancelled: @escaping () -> Bool
    ) throws(ArchiveError) {
        self.limits = limits
        self.isCancelled = isCancelled
        self.file = try OwnedDescriptor(openingFile: path)
        self.inflater = try GzipInflater(limits: limits)
        self.lexer = TarLexer(limits: limits)
        self.input = Array(repeating: 0, count: windowBytes)
        self.window = Array(repeating: 0, count: windowBytes)
        self.index = SourceIndex(
            nodeLimit: limits.members, nodeLimitName: "members", byteLimit: limits.indexBytes)
    }

    /// The commit in the global pax header: 40 or 64 hexadecimal digits.
    var commit: String? {
        guard let comment = lexer.comment, comment.count == 40 || comment.count == 64,
            comment.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return String(decoding: comment, as: UTF8.self)
    }

    func next() throws(ArchiveError) -> SourceMember? {
        while isInContents { _ = try readContents { _ in } }
        while true {
            switch try lexer.next(in: window[..<windowCount], at: &windowOffset) {
            case .member(let tar):
                isInContents = true
                if let member = try accept(tar) { return member }
                while isInContents { _ = try readContents { _ in } }
            case .needsInput:
                guard try refill() else {
                    try lexer.finish()
                    guard topFolder != nil else { throw .invalid("the archive has no members") }
                    return nil
                }
            case .data, .endOfMember:
                preconditionFailure("contents without a member")
            }
        }
    }

    func readContents(_ body: (ArraySlice<UInt8>) throws(ArchiveError) -> Void) throws(ArchiveError) -> Bool {
        while isInContents {
            switch try lexer.next(in: window[..<windowCount], at: &windowOffset) {
            case .data(let range):
                try body(window[range])
                return true
            case .endOfMember:
                isInContents = false
            case .needsInput:
                guard try refill() else {
                    try lexer.finish()
                    return false
                }
            case .member:
                preconditionFailure("a member inside another")
            }
        }
        return false
    }

    /// An archive is one stream: there is nothing to save.
    func skipChildren() {}

    /// Expands the next window; false when the gzip data ended, and ended well.
    ///
    /// All windows but the last are full, so that no header lies in two of them.
    private func refill() throws(ArchiveError) -> Bool {
        windowOffset = 0
        windowCount = 0
        while true {
            guard !isCancelled() else { throw .cancelled }
            try inflater.inflate(input[..<inputCount], at: &inputOffset, into: &window, at: &windowCount)
            if windowCount == window.count { return true }
            inputOffset = 0
            inputCount = try file.read(into: &input)
            if inputCount == 0 {
                if windowCount > 0 { return true }
                try inflater.finish()
                return false
            }
            guard inflater.consumedBytes + Int64(inputCount) <= limits.compressedBytes else {
                throw .tooLarge("the archive", limit: "compressedBytes", value: limits.compressedBytes)
            }
        }
    }

    /// Judges a member's path; nil for the top folder itself.
    private func accept(_ tar: TarMember) throws(ArchiveError) -> SourceMember? {
        guard members < limits.members else {
            throw .tooLarge(
                "the number of members", limit: "members", value: limits.members, unit: "members", member: tar.name)
        }
        members += 1
        guard tar.size <= limits.fileBytes else {
            throw .tooLarge("the file", limit: "fileBytes", value: limits.fileBytes, member: tar.name)
        }
        if members == 1 { commitTime = tar.modified }
        let isDirectory = tar.kind == .directory
        let written = isDirectory && tar.name.last == slash ? Array(tar.name.dropLast()) : tar.name
        guard !written.isEmpty else { throw .invalid("the member has no name", member: tar.name) }
        guard let path = try strip(ArchivePath(validating: written, limits: limits), isDirectory: isDirectory) else {
            return nil
        }
        let kind = try memberKind(of: tar)
        try index.insert(path, kind)
        if case .symlink(let target) = kind { warnings.check(link: path, target: target) }
        return SourceMember(path: path, kind: kind, isExecutable: tar.mode & 0o100 != 0)
    }

    private func memberKind(of tar: TarMember) throws(ArchiveError) -> MemberKind {
        switch tar.kind {
        case .directory: return .directory
        case .file: return .file(size: tar.size)
        case .symlink(let target):
            guard target.count <= limits.pathBytes else {
                throw .tooLarge("the link target", limit: "pathBytes", value: limits.pathBytes, member: tar.name)
            }
            return .symlink(target: target)
        }
    }

    /// The path below the one top folder, or nil for that folder, which may come first or not at all.
    private func strip(_ path: ArchivePath, isDirectory: Bool) throws(ArchiveError) -> ArchivePath? {
        let end = path.bytes.firstIndex(of: slash) ?? path.bytes.count
        let top = path.bytes[..<end]
        guard let topFolder else {
            guard end < path.bytes.count || isDirectory else {
                throw .invalid("the archive's first member is not its top folder", member: path.bytes)
            }
            topFolder = Array(top)
            return end == path.bytes.count ? nil : ArchivePath(unchecked: Array(path.bytes[(end + 1)...]))
        }
        guard top.elementsEqual(topFolder), end < path.bytes.count else {
            let cause =
                top.elementsEqual(topFolder)
                ? "the top folder occurs twice"
                : "the member is not in the archive's top folder \"\(escapedForDisplay(topFolder))\""
            throw .invalid(cause, member: path.bytes)
        }
        return ArchivePath(unchecked: Array(path.bytes[(end + 1)...]))
    }
}

/// Which names GitHub and git accept.
enum GitHubNames {
    static let ownerLimit = 39
    static let repositoryLimit = 100
    static let referenceLimitBytes = 255

    /// A user or an organisation: letters, digits, single inner hyphens; `_` before an enterprise's short code.
    static func isOwner(_ name: String) -> Bool {
        var previousIsSeparator = true
        for byte in name.utf8 {
            let isSeparator = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            guard isSeparator ? !previousIsSeparator : isASCIILetterOrDigit(byte) else { return false }
            previousIsSeparator = isSeparator
        }
        return !previousIsSeparator && name.utf8.count <= ownerLimit
    }

    static func isRepository(_ name: String) -> Bool {
        (1...repositoryLimit).contains(name.utf8.count) && name != "." && name != ".."
            && name.utf8.allSatisfy { isASCIILetterOrDigit($0) || "-_.".utf8.contains($0) }
    }

    /// A branch, a tag, a full reference or a commit id, by the rules of `git check-ref-format`.
    static func isReference(_ name: String) -> Bool {
        guard (1...referenceLimitBytes).contains(name.utf8.count), name != "@",
            name.utf8.first != UInt8(ascii: "-"), name.utf8.last != UInt8(ascii: "."),
            name.byteRange(of: "..") == nil, name.byteRange(of: "@{") == nil,
            name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"~^:?*[\\".utf8.contains($0) })
        else { return false }
        return name.pathParts.allSatisfy {
            !$0.isEmpty && $0.utf8.first != UInt8(ascii: ".") && !Array($0.utf8.suffix(5)).elementsEqual(".lock".utf8)
        }
    }

    /// A whole commit id, SHA-1 or SHA-256.
    static func isCommit(_ text: String) -> Bool {
        (text.utf8.count == 40 || text.utf8.count == 64) && text.utf8.allSatisfy(isHexDigit)
    }

    /// Whether GitHub might read `text` as the beginning of a commit id.
    static func mayAbbreviateCommit(_ text: String) -> Bool {
        (4..<40).contains(text.utf8.count) && text.utf8.allSatisfy(isHexDigit)
    }
}

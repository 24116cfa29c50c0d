extension RepositoryLocation {
    /// The URL inside a location string.
    static func address(in text: String) throws(SourceError) -> WebAddress {
        guard text.utf8.count <= limitBytes else {
            throw invalid(String(text.prefix(80)), "is longer than \(limitBytes) bytes")
        }
        let target = try target(of: trimmed(text[...]), text: text)
        guard let address = WebAddress(String(target)) else {
            throw invalid(text, "holds no web address that can be read without doubt")
        }
        guard !address.hasUserInfo else {
            throw invalid(
                text, "carries a user name or a password",
                hint: "Remove it, and give the token in the request's credentials or the agent's configuration.")
        }
        return address
    }

    init(_ address: WebAddress, text: String) throws(SourceError) {
        var parts: [String] = []
        for encoded in address.path.pathParts where !encoded.isEmpty {
            guard let part = Self.percentDecoded(encoded) else { throw Self.invalid(text, "is not encoded properly") }
            guard part.pathParts.allSatisfy({ $0 != "." && $0 != ".." }) else {
                throw Self.invalid(text, "holds '.' or '..'", hint: "Write the path without them.")
            }
            parts.append(part)
        }
        guard parts.count >= 2 else { throw Self.invalid(text, "names no repository") }
        let repository = parts[1].hasSuffix(".git") ? String(parts[1].dropLast(4)) : parts[1]
        guard GitHubNames.isOwner(parts[0]) else { throw Self.invalid(text, "does not begin with an owner's name") }
        guard GitHubNames.isRepository(repository) else { throw Self.invalid(text, "names no valid repository") }

        self.init(
            host: address.authority, owner: parts[0], repository: repository,
            readings: try Self.readings(
                parts.dropFirst(2), endsWithSlash: address.path.utf8.last == UInt8(ascii: "/"), text),
            warnings: address.query == nil
                ? [] : ["The query of the location \(SafeText.quote(text)) has no meaning here and was ignored."])
    }

    private static func readings(
        _ parts: ArraySlice<String>, endsWithSlash: Bool, _ text: String
    ) throws(SourceError) -> [Reading] {
        guard let kind = parts.first else { return [] }
        guard ["tree", "blob", "raw", "edit"].contains(kind) else {
            throw invalid(text, "leads to '\(SafeText.plain(kind))', not to a branch, a directory or a file")
        }
        guard let first = parts.dropFirst().first else { throw invalid(text, "names no branch after '\(kind)/'") }
        // Only the first part keeps an encoded slash: there it says where the ref ends.
        let rest = parts.dropFirst(2).flatMap(\.pathParts).filter { !$0.isEmpty }
        let isFile = kind != "tree" && !endsWithSlash
        let readings = readings(first: first, rest: rest, isFile: isFile)
        guard !readings.isEmpty else {
            throw invalid(text, "names '\(SafeText.plain(first))' as its branch, which git does not allow")
        }
        return readings
    }

    /// Every valid split of ref and directory, the likeliest first.
    ///
    /// The shortest ref comes first, which is also the longest match: git cannot hold the branches `a` and `a/b` at once.
    /// Only something that looks like the beginning of a commit id comes last, because GitHub would find the commit.
    private static func readings(first: String, rest: [String], isFile: Bool) -> [Reading] {
        let parts = [first] + rest
        let directoryEnd = isFile ? parts.count - 1 : parts.count
        var refLengths = 1...max(1, directoryEnd)
        if first.utf8.contains(UInt8(ascii: "/")) || GitHubNames.isCommit(first) {
            refLengths = 1...1
        } else if first == "refs", directoryEnd >= 3, ["heads", "tags"].contains(parts[1]) {
            refLengths = 3...directoryEnd
        }
        var readings = refLengths.prefix(readingLimit).map { length in
            Reading(
                ref: parts[..<length].joined(separator: "/"),
                directory: length < directoryEnd ? parts[length..<directoryEnd].joined(separator: "/") : "")
        }.filter { GitHubNames.isReference($0.ref) }
        if GitHubNames.mayAbbreviateCommit(first), readings.count > 1 { readings.append(readings.removeFirst()) }
        return readings
    }

    /// What follows the location's type.
    private static func target(of text: Substring, text original: String) throws(SourceError) -> Substring {
        let lowercased = text.prefix(8).lowercased()
        if lowercased.hasPrefix("https://") || lowercased.hasPrefix("http://") { return text }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw invalid(original, "has no type")
        }
        let type = trimmed(text[..<colon])
        let target = trimmed(text[text.utf8.index(after: colon)...])
        switch type {
        case "url": break
        case "file", "dir":
            throw invalid(
                original, "is a path on the machine of the catalogue",
                hint: "To run a local directory, give source.path; else annotate the entity with a url: location.")
        case _ where type.lowercased() == "url":
            throw invalid(original, "has the type '\(type)'; types are lower case")
        default:
            // The type is not named here: `TOKEN:x-oauth-basic@host` has one too.
            throw invalid(original, "has no type that can be read")
        }
        let scheme = target.prefix(8).lowercased()
        guard scheme.hasPrefix("https://") || scheme.hasPrefix("http://") else {
            throw invalid(original, "is not an https address")
        }
        return target
    }

    private static func invalid(
        _ text: String, _ reason: String,
        hint: String = "Write it as url:https://github.com/OWNER/REPOSITORY, or with /tree/BRANCH/DIRECTORY after it."
    ) -> SourceError {
        SourceError(SourceError.Code.invalidLocation, "The location \(SafeText.quote(text)) \(reason)", hint: hint)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isSpace = { (character: Character) in character.isWhitespace }
        let start = text.drop(while: isSpace)
        return start.lastIndex { !isSpace($0) }.map { start[...$0] } ?? ""
    }

    /// Decodes one part of a path; nil unless the result is UTF-8 text without control characters.
    private static func percentDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigitValue), let low = rest.popFirst().flatMap(hexDigitValue)
            else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// An image reference, split the way `POST /images/create` wants it.
struct ImageReference: Hashable {
    /// Registry and repository, as written.
    let name: String
    /// A digest, a tag, or `latest`: without one, the engine would pull every tag there is.
    let version: String

    init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        var name = parts[0]
        var tag: Substring?
        let lastComponent = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        if let colon = name[lastComponent...].firstIndex(of: ":") {
            tag = name[name.index(after: colon)...]
            name = name[..<colon]
        }
        let version = parts.count > 1 ? parts[1] : tag ?? "latest"
        guard !name.isEmpty, !version.isEmpty else { return nil }
        self.name = String(name)
        self.version = String(version)
    }
}

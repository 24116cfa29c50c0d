import HTTPTransport

/// What the API says about a repository.
struct RepositoryDescription: Sendable {
    let owner: String
    let name: String
    let defaultBranch: String
    let isPrivate: Bool

    var fullName: String { "\(owner)/\(name)" }
}

extension APISession {
    /// Maps to `GET /repos/{owner}/{repo}`: <https://docs.github.com/rest/repos/repos#get-a-repository>.
    func repository() async throws -> RepositoryDescription {
        let answer = try await get(
            address([]), accept: "application/vnd.github+json", wanted: [200],
            doing: "Asking \(host.name) for \(repositoryName)")
        struct Wire: Decodable {
            var fullName: String
            var defaultBranch: String
            var isPrivate: Bool?

            enum CodingKeys: String, CodingKey {
                case fullName = "full_name"
                case defaultBranch = "default_branch"
                case isPrivate = "private"
            }
        }
        guard let wire = decoded(Wire.self, answer) else { throw unexpected(answer, "JSON").error }
        let names = wire.fullName.pathParts
        guard names.count == 2, GitHubNames.isOwner(names[0]), GitHubNames.isRepository(names[1]),
            GitHubNames.isReference(wire.defaultBranch)
        else { throw unexpected(answer, "a repository's description").error }
        return RepositoryDescription(
            owner: names[0], name: names[1], defaultBranch: wire.defaultBranch, isPrivate: wire.isPrivate ?? false)
    }

    /// The commit a branch, tag or commit id names; nil when the repository has none such.
    ///
    /// Maps to `GET /repos/{owner}/{repo}/commits/{ref}` in its plain form, since the JSON form lists every changed file:
    /// <https://docs.github.com/rest/commits/commits#get-a-commit>.
    func commit(of ref: String) async throws -> String? {
        // The API documents `heads/NAME` and `tags/NAME`, not the full form that git shows.
        let name = ref.hasPrefix("refs/") ? String(ref.dropFirst("refs/".count)) : ref
        let answer = try await get(
            address(["commits", name]), accept: "application/vnd.github.sha", wanted: [200, 404, 422],
            doing: "Asking \(host.name) for the commit of \(SafeText.plain(ref))")
        guard answer.status == 200 else { return nil }
        let text = String(decoding: answer.body.prefix(80), as: UTF8.self).filter { !$0.isWhitespace }
        guard GitHubNames.isCommit(text) else { throw unexpected(answer, "a commit id").error }
        return text.lowercased()
    }

    /// Maps to `GET /repos/{owner}/{repo}/contents/{path}` in its raw form:
    /// <https://docs.github.com/rest/repos/contents#get-repository-content>.
    func contents(path: String, commit: String) async throws -> [UInt8]? {
        let parts = path.pathParts.filter { !$0.isEmpty }
        guard !parts.isEmpty, !parts.contains(where: { $0 == "." || $0 == ".." }) else { return nil }
        let answer = try await get(
            address(["contents"] + parts) + "?ref=" + percentEncode(commit), accept: "application/vnd.github.raw+json",
            wanted: [200, 404], doing: "Reading \(SafeText.plain(path)) of \(repositoryName)")
        guard answer.status == 200 else { return nil }
        let contentType = answer.headers["content-type"]?.lowercased() ?? ""
        if contentType.hasPrefix("text/html") { throw unexpected(answer, "a file").error }
        // Directories and submodules have no raw form and are described in JSON.
        return contentType.hasPrefix("application/json") ? nil : answer.body
    }

    func referenceNotFound(_ refs: [String], defaultBranch: String) -> SourceError {
        let names = refs.map { "'\(SafeText.plain($0))'" }.joined(separator: ", ")
        return SourceError(
            SourceError.Code.referenceNotFound, "\(repositoryName) has no branch, tag or commit \(names)",
            hint: "Check the name; the default branch is '\(SafeText.plain(defaultBranch))'.")
    }
}

/// A location after GitHub was asked: one commit of one repository.
package struct ResolvedSource: Sendable, Hashable {
    package let host: String
    /// The real names, after renames and in GitHub's own case.
    package let owner: String
    package let repository: String
    /// The branch, tag or commit that was asked for, or the default branch.
    package let ref: String
    /// The whole commit id, lower case.
    ///
    /// Everything that follows is pinned to it.
    package let commit: String
    package let defaultBranch: String
    /// The component's directory; empty for the repository's root.
    package let directory: String
    package let isPrivate: Bool
    package let warnings: [String]

    package init(
        host: String, owner: String, repository: String, ref: String, commit: String, defaultBranch: String,
        directory: String = "", isPrivate: Bool = false, warnings: [String] = []
    ) {
        self.host = host
        self.owner = owner
        self.repository = repository
        self.ref = ref
        self.commit = commit
        self.defaultBranch = defaultBranch
        self.directory = directory
        self.isPrivate = isPrivate
        self.warnings = warnings
    }

    package var fullName: String { "\(owner)/\(repository)" }
}

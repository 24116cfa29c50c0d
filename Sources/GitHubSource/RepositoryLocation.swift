/// A place in a GitHub repository, as a location string or a pasted URL names it.
///
/// A `tree/` URL does not say where the branch ends and the directory begins, since branches may hold slashes. So a
/// location keeps every reading; ``GitHubClient/resolve(_:token:notice:)`` asks GitHub which one exists.
package struct RepositoryLocation: Sendable, Hashable {
    /// One way to read what follows `tree/`.
    struct Reading: Sendable, Hashable {
        var ref: String
        /// Relative to the repository's root, without slashes at its ends; empty for the root.
        var directory: String
    }

    /// Lower case, with its port where that is not the scheme's own.
    package let host: String
    /// As written; the real name is known after resolving.
    package let owner: String
    package let repository: String
    /// In the order in which to try them; empty for the default branch.
    let readings: [Reading]
    /// What was left out of account, for a person to know.
    package let warnings: [String]

    /// The longest location string read.
    package static let limitBytes = 2048
    /// The most readings kept, and so the most slashes a branch in a URL may hold plus one.
    static let readingLimit = 8

    /// The branch, tag or commit by the most likely reading; nil for the default branch.
    package var ref: String? { readings.first?.ref }

    /// The component's directory by the most likely reading; empty for the repository's root.
    package var directory: String { readings.first?.directory ?? "" }

    /// Reads every form of location that names a GitHub repository.
    ///
    /// `url:https://HOST/OWNER/REPOSITORY` with an optional `.git`, then nothing or `/tree/REF/DIRECTORY`, or
    /// `/blob/REF/FILE` (also `raw`, `edit`), which means the file's directory. A bare `https://` is accepted too, and `http` is read
    /// like `https`: the configuration decides how the API is spoken to. A
    /// query and a fragment are left out of account. A slash inside the ref may be written `%2F`, which settles where
    /// the ref ends. Backstage's form is described at
    /// <https://backstage.io/docs/features/software-catalog/well-known-annotations>.
    ///
    /// - Parameter hosts: the hosts that are configured; nil accepts any.
    /// - Throws: `INVALID_LOCATION` or `UNSUPPORTED_HOST`.
    package static func parse(_ text: String, hosts: Set<String>? = nil) throws(SourceError) -> RepositoryLocation {
        let address = try address(in: text)
        if let hosts, !hosts.contains(address.authority) { throw .unsupportedHost(address.authority) }
        return try RepositoryLocation(address, text: text)
    }

    /// This location at another branch, tag or commit, for a `ref` that was given beside the location.
    package func selecting(ref: String) throws(SourceError) -> RepositoryLocation {
        guard GitHubNames.isReference(ref) else {
            throw SourceError(
                SourceError.Code.invalidLocation,
                "'\(SafeText.plain(ref))' cannot be the name of a branch, tag or commit",
                hint: "Give ref as the branch's name alone, for example main.")
        }
        // The shortest ref leaves the longest directory: without knowledge of branches, the usual reading.
        let usual = readings.min { $0.ref.utf8.count < $1.ref.utf8.count }
        let chosen = readings.first { $0.ref == ref } ?? Reading(ref: ref, directory: usual?.directory ?? "")
        return RepositoryLocation(
            host: host, owner: owner, repository: repository, readings: [chosen], warnings: warnings)
    }

    init(host: String, owner: String, repository: String, readings: [Reading], warnings: [String] = []) {
        self.host = host
        self.owner = owner
        self.repository = repository
        self.readings = readings
        self.warnings = warnings
    }
}

extension SourceError {
    static func unsupportedHost(_ host: String) -> SourceError {
        let hint =
            switch host {
            case "www.github.com": "Write the host as github.com."
            case "raw.githubusercontent.com":
                "Use the file's page instead: https://github.com/OWNER/REPOSITORY/blob/REF/FILE."
            default:
                "If it is a GitHub Enterprise server, add it to `github` in the agent's configuration; other forges are not supported."
            }
        return SourceError(Code.unsupportedHost, "The agent is not configured for the host \(host)", hint: hint)
    }
}

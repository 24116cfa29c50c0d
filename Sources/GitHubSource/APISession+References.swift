import FoundationEssentials
import HTTPTransport

/// A branch or a tag of a repository, with the commit or the tag object it names.
private struct WireReference: Decodable {
    struct Object: Decodable {
        var sha: String
        var type: String
    }

    var ref: String
    var object: Object
}

extension APISession {
    /// The reading of a `tree/` URL that exists, and its commit; nil when none does.
    ///
    /// Branches before tags before commits, and the longest name of each kind. Git cannot hold the branches `a` and `a/b`
    /// at once, so the shortest name is asked for by itself, which settles nearly every location with one request;
    /// else GitHub gives all names that begin like the longer ones.
    func reading(
        among readings: [RepositoryLocation.Reading]
    ) async throws -> (reading: RepositoryLocation.Reading, commit: String)? {
        guard let shortest = readings.min(by: { $0.ref.utf8.count < $1.ref.utf8.count }) else { return nil }
        guard readings.count > 1 else { return try await commit(of: shortest.ref).map { (shortest, $0) } }
        guard !shortest.ref.hasPrefix("refs/") else { return try await first(of: readings) }
        if let commit = try await branch(shortest.ref) { return (shortest, commit) }
        let longer = readings.filter { $0.ref != shortest.ref }.sorted { $0.ref.utf8.count < $1.ref.utf8.count }
        if let branch = try await longest(of: longer, kind: "heads") { return branch }
        // GitHub reads what looks like one as the beginning of a commit's id: only after every name.
        let commitIsLast = GitHubNames.mayAbbreviateCommit(shortest.ref)
        if !commitIsLast, let commit = try await commit(of: shortest.ref) { return (shortest, commit) }
        if let tag = try await longest(of: longer, kind: "tags") { return tag }
        if commitIsLast, let commit = try await commit(of: shortest.ref) { return (shortest, commit) }
        return nil
    }

    /// Maps to `GET /repos/{owner}/{repo}/git/ref/{ref}`: <https://docs.github.com/rest/git/refs#get-a-reference>.
    private func branch(_ name: String) async throws -> String? {
        let answer = try await get(
            address(["git", "ref"] + "heads/\(name)".pathParts), accept: "application/vnd.github+json",
            wanted: [200, 404], doing: "Asking \(host.name) for the branch \(SafeText.plain(name))")
        // A name that only begins others was answered with a list by earlier versions of the API.
        guard answer.status == 200, answer.body.first == UInt8(ascii: "{") else {
            if answer.status == 200, answer.body.first != UInt8(ascii: "[") { throw unexpected(answer, "JSON").error }
            return nil
        }
        guard let found = decoded(WireReference.self, answer) else { throw unexpected(answer, "a branch").error }
        return found.ref == "refs/heads/\(name)" ? try checked(found, answer) : nil
    }

    /// Maps to `GET /repos/{owner}/{repo}/git/matching-refs/{ref}`:
    /// <https://docs.github.com/rest/git/refs#list-matching-references>.
    private func longest(
        of readings: [RepositoryLocation.Reading], kind: String
    ) async throws -> (reading: RepositoryLocation.Reading, commit: String)? {
        guard let prefix = readings.first?.ref else { return nil }
        let answer = try await get(
            address(["git", "matching-refs"] + "\(kind)/\(prefix)".pathParts) + "?per_page=100",
            accept: "application/vnd.github+json", wanted: [200, 404],
            doing: "Asking \(host.name) for references like \(SafeText.plain(prefix))")
        guard answer.status == 200 else { return nil }
        guard let found = decoded([WireReference].self, answer) else {
            throw unexpected(answer, "a list of references").error
        }
        let known = Dictionary(found.map { ($0.ref, $0) }) { first, _ in first }
        for reading in readings.reversed() {
            if let match = known["refs/\(kind)/\(reading.ref)"] {
                // An annotated tag names a tag object; the commit behind it is asked for.
                if match.object.type == "commit" { return (reading, try checked(match, answer)) }
                return try await commit(of: "refs/\(kind)/\(reading.ref)").map { (reading, $0) }
            }
        }
        // There are more of them than one answer holds: then each name is asked for.
        guard answer.headers["link"]?.byteRange(of: "rel=\"next\"") != nil else { return nil }
        for reading in readings {
            if let commit = try await commit(of: "refs/\(kind)/\(reading.ref)") { return (reading, commit) }
        }
        return nil
    }

    /// With one kind of name alone, only one of the readings can exist.
    private func first(
        of readings: [RepositoryLocation.Reading]
    ) async throws -> (reading: RepositoryLocation.Reading, commit: String)? {
        for reading in readings {
            if let commit = try await commit(of: reading.ref) { return (reading, commit) }
        }
        return nil
    }

    private func checked(_ reference: WireReference, _ answer: Answer) throws -> String {
        guard GitHubNames.isCommit(reference.object.sha) else { throw unexpected(answer, "a commit id").error }
        return reference.object.sha.lowercased()
    }

    /// Losing the error is right: whatever is wrong with the body, it is not GitHub's answer.
    func decoded<Wire: Decodable>(_ type: Wire.Type, _ answer: Answer) -> Wire? {
        try? JSONDecoder().decode(type, from: Data(answer.body))
    }

    func unexpected(_ answer: Answer, _ wanted: String) -> RequestFailure {
        answers.unexpectedBody(contentType: answer.headers["content-type"], wanted: wanted)
    }
}

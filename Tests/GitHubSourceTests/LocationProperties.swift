@testable import GitHubSource

/// A location string and an entity reference: what is accepted must be safe to put into a request path and a file path.
enum LocationProperties {
    static func violation(of bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        return locationViolation(text) ?? referenceViolation(text)
    }
}

private func locationViolation(_ text: String) -> String? {
    let location: RepositoryLocation
    do throws(SourceError) {
        location = try RepositoryLocation.parse(text)
    } catch {
        return errorViolation(error)
    }
    guard text.utf8.count <= RepositoryLocation.limitBytes else { return "a long location is refused" }
    guard GitHubNames.isOwner(location.owner), GitHubNames.isRepository(location.repository) else {
        return "owner and repository are names that GitHub allows: \(location)"
    }
    guard location.readings.count <= RepositoryLocation.readingLimit else { return "the readings are limited" }
    for reading in location.readings {
        guard GitHubNames.isReference(reading.ref) else { return "a ref is one that git allows: \(reading)" }
        let parts = reading.directory.split(separator: "/", omittingEmptySubsequences: false)
        guard reading.directory.isEmpty || !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
            return "a directory stays in the repository: \(reading)"
        }
    }
    // Its plain form must mean the same repository.
    let plain = "url:https://\(location.host)/\(location.owner)/\(location.repository)"
    guard let again = try? RepositoryLocation.parse(plain), again.owner == location.owner,
        again.repository == location.repository
    else { return "its plain form is a location: \(plain)" }
    return nil
}

private func referenceViolation(_ text: String) -> String? {
    let reference: EntityReference
    do throws(SourceError) {
        reference = try EntityReference(parsing: text)
    } catch {
        return errorViolation(error)
    }
    guard (try? EntityReference(parsing: reference.canonical)) == reference else {
        return "the canonical form means the same: \(reference)"
    }
    return nil
}

private func errorViolation(_ error: SourceError) -> String? {
    guard !error.message.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
        return "a message holds no control characters: \(error)"
    }
    return error.message.utf8.count <= 4_096 ? nil : "a message is short"
}

import FoundationEssentials

/// A component as a Backstage catalogue describes it, reduced to what running it needs.
package struct CatalogEntity: Sendable, Hashable {
    package let reference: EntityReference
    /// `runner.backstage.io/enabled` is the string `"true"`.
    ///
    /// See ``requireEnabled()``.
    package let enabled: Bool
    /// `runner.backstage.io/config-path`, relative to the component's directory.
    package let configPath: String?
    /// `backstage.io/source-location`, or else `backstage.io/managed-by-location`.
    ///
    /// See ``requireLocation()``.
    package let location: String?

    /// The longest description read.
    package static let limitBytes = 1 << 20

    private static let enabledKey = "runner.backstage.io/enabled"
    private static let sourceLocationKey = "backstage.io/source-location"

    /// Reads an entity; whether it may run at all is the caller's to ask.
    package init(json: [UInt8]) throws(SourceError) {
        guard json.count <= Self.limitBytes else {
            throw Self.invalid("The entity is larger than \(Self.limitBytes) bytes")
        }
        let envelope: Envelope
        do {
            envelope = try JSONDecoder().decode(Envelope.self, from: Data(json))
        } catch {
            throw Self.invalid("The entity is not a JSON object with kind and metadata.name")
        }
        reference = try EntityReference(
            kind: envelope.kind, namespace: envelope.metadata.namespace ?? "default", name: envelope.metadata.name)
        let annotations = envelope.metadata.annotations ?? [:]
        func text(_ key: String) -> String? {
            guard let value = annotations[key]?.text, !value.isEmpty else { return nil }
            return value
        }
        enabled = text(Self.enabledKey) == "true"
        configPath = text("runner.backstage.io/config-path")
        location = text(Self.sourceLocationKey) ?? text("backstage.io/managed-by-location")
    }

    /// Throws `NOT_ENABLED` unless the entity's owner said that it may run.
    package func requireEnabled() throws(SourceError) {
        guard !enabled else { return }
        throw SourceError(
            SourceError.Code.notEnabled, "\(reference) is not enabled for the runner",
            hint: "Add the annotation \(Self.enabledKey): \"true\" (a string) to the entity.")
    }

    /// The location to run from; throws `SOURCE_UNKNOWN` when the entity has none.
    package func requireLocation() throws(SourceError) -> String {
        if let location { return location }
        throw SourceError(
            SourceError.Code.sourceUnknown, "\(reference) does not say where its source is",
            hint: "Add the annotation \(Self.sourceLocationKey): url:https://github.com/OWNER/REPOSITORY/tree/BRANCH/.")
    }

    private static func invalid(_ message: String) -> SourceError {
        SourceError(
            SourceError.Code.invalidEntityReference, message,
            hint: "Send the entity as the catalogue's API gives it.")
    }
}

private struct Envelope: Decodable {
    struct Metadata: Decodable {
        var name: String
        var namespace: String?
        var annotations: [String: Annotation]?
    }

    var kind: String
    var metadata: Metadata
}

/// An annotation's value; one that is not a string counts as absent instead of spoiling the entity.
private struct Annotation: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Losing the error is right: it says that the value is no string, which nil says too.
        text = try? container.decode(String.self)
    }
}

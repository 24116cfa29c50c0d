import FoundationEssentials

/// Something that happened in the engine, such as a container's end.
///
/// Engines differ in order and extent: `stop` may come before or after `die`; Podman says `remove` where Docker says
/// `destroy`, and adds `init` and `cleanup`.
package struct EngineEvent: Sendable, Hashable {
    /// `container`, `image` or `network`, for example.
    package let type: String
    /// `start`, `die`, `oom` or `destroy`, for example, without what follows a colon.
    package let action: String
    /// What follows the colon: `healthy` of `health_status: healthy`.
    package let detail: String?
    /// The id of the container, image or network.
    package let id: String
    /// Labels, `name`, `image`, `exitCode`, ...
    package let attributes: [String: String]
    package let timeNano: Int64

    package init(
        type: String, action: String, detail: String? = nil, id: String, attributes: [String: String], timeNano: Int64
    ) {
        self.type = type
        self.action = action
        self.detail = detail
        self.id = id
        self.attributes = attributes
        self.timeNano = timeNano
    }

    /// The exit code of a `die`.
    package var exitCode: Int? { attributes["exitCode"].flatMap { Int($0) } }
}

extension EngineEvent {
    /// Both forms: `Action` and `Actor` of all versions, with `status` and `id` of those before API 1.52 as a fallback.
    private struct Wire: Decodable {
        struct Actor: Decodable {
            enum CodingKeys: String, CodingKey {
                case id = "ID"
                case attributes = "Attributes"
            }

            let id: String?
            let attributes: [String: String]?
        }

        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case action = "Action"
            case actor = "Actor"
            case status, id, time, timeNano
        }

        let type: String?
        let action: String?
        let actor: Actor?
        let status: String?
        let id: String?
        let time: Int64?
        let timeNano: Int64?
    }

    /// Reads one line of `/events`; nil for one without an action, such as an engine's error object.
    init?(json: [UInt8]) throws {
        let wire: Wire
        do {
            wire = try JSONDecoder().decode(Wire.self, from: Data(json))
        } catch {
            throw EngineError.badAnswer("the engine's event cannot be read: \(error)")
        }
        guard let text = wire.action ?? wire.status else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1)
        let seconds = (wire.time ?? 0).multipliedReportingOverflow(by: 1_000_000_000)
        self.init(
            type: wire.type ?? "container",
            action: parts.first.map { $0.trimmed } ?? text,
            detail: parts.count > 1 ? parts[1].trimmed : nil,
            id: wire.actor?.id ?? wire.id ?? "",
            attributes: wire.actor?.attributes ?? [:],
            timeNano: wire.timeNano ?? (seconds.overflow ? 0 : seconds.partialValue))
    }
}

import RunnerCore
import RunnerProtocol

/// What the commands show of an `Instance` of the wire; see `Protocol/schema/Instance.json`.
struct InstanceSummary {
    let id: String
    let componentRef: String
    let status: String
    let phase: String?
    let health: String
    let urls: [String]
    let startedAt: WireTime?
    let stoppedAt: WireTime?
    let exitCode: Int64?
    let failureCode: String?
    let warnings: [String]
    /// Whether a container was made for it.
    let hasContainer: Bool

    init(_ instance: JSONValue) {
        id = instance["id"]?.stringValue ?? ""
        componentRef = instance["componentRef"]?.stringValue ?? ""
        status = instance["status"]?.stringValue ?? ""
        phase = instance["phase"]?.stringValue
        health = instance["health"]?.stringValue ?? "none"
        urls = instance["endpoints"]?.arrayValue?.compactMap { $0["url"]?.stringValue } ?? []
        startedAt = instance["startedAt"]?.stringValue.flatMap { WireTime($0) }
        stoppedAt = instance["stoppedAt"]?.stringValue.flatMap { WireTime($0) }
        exitCode = instance["exitCode"]?.intValue
        failureCode = instance["failure"]?["code"]?.stringValue
        warnings = instance["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        hasContainer = instance["containerId"]?.stringValue != nil
    }

    /// Enough of the id to tell it from others; the commands take it.
    var shortID: String { String(id.prefix(8)) }

    var isLive: Bool { ["starting", "running", "stopping"].contains(status) }

    /// How long it has been live, or has been ended.
    var age: String {
        guard let moment = isLive ? startedAt : stoppedAt ?? startedAt else { return "" }
        let age = DurationText.age(.nanoseconds(WallTime.now().nanoseconds - moment.nanoseconds))
        return isLive ? age : "\(age) ago"
    }

    /// The status with what refines it: `starting building`, `error BUILD_FAILED`, `stopped (137)`.
    var detailedStatus: String {
        switch status {
        case "starting": [status, phase].compactMap(\.self).joined(separator: " ")
        case "error": [status, failureCode].compactMap(\.self).joined(separator: " ")
        case "stopped": exitCode.map { $0 == 0 ? status : "\(status) (\($0))" } ?? status
        default: status
        }
    }
}

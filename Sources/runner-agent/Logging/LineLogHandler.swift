import Logging
import RunnerCore
import RunnerProtocol

/// Writes each event as one line on stderr, as text or as JSON.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    let format: LogFormat

    init(format: LogFormat, level: Logger.Level) {
        self.format = format
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { all["error"] = "\(error)" }
        let entries = all.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value.description) }
        let line =
            switch format {
            case .text: Self.text(event, entries)
            case .json: Self.json(event, entries)
            }
        // Where stderr is gone, so is whoever would read that it is.
        try? Console.standardError.write(line + [UInt8(ascii: "\n")])
    }

    /// `2026-01-02T03:04:05.678Z info message key=value`, safe for a terminal.
    private static func text(_ event: LogEvent, _ entries: [(key: String, value: String)]) -> [UInt8] {
        var line = "\(Self.now) \(event.level) \(PrintableText.line(event.message.description))"
        for (key, value) in entries { line += " \(key)=\(quoted(PrintableText.line(value)))" }
        return Array(line.utf8)
    }

    private static var now: String { WireTime(nanoseconds: WallTime.now().nanoseconds).text }

    private static func quoted(_ value: String) -> String {
        guard value.isEmpty || value.utf8.contains(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") })
        else {
            return value
        }
        return JSONValue.string(value).line
    }

    private static func json(_ event: LogEvent, _ entries: [(key: String, value: String)]) -> [UInt8] {
        var object: JSONObject = [
            "time": .string(Self.now), "level": .string(event.level.rawValue),
            "message": .string(event.message.description),
        ]
        for (key, value) in entries where object[key] == nil { object.append(key, .string(value)) }
        return JSONValue.object(object).serialized
    }
}

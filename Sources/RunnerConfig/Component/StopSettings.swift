/// How a component's container is stopped.
package struct StopSettings: Sendable, Hashable {
    /// A canonical name: `SIGTERM`, `SIGRTMIN+3`.
    package var signal = "SIGTERM"
    /// From the signal until the container is killed.
    package var grace = Duration.seconds(10)

    package init() {}

    static func read(_ field: ConfigField) -> StopSettings? {
        guard let mapping = field.mapping(["signal", "grace"]) else { return nil }
        var stop = StopSettings()
        if let value = mapping["signal"]?.textOrNumber("the name of a signal", SignalName.parse) { stop.signal = value }
        if let value = mapping["grace"]?.duration(in: .zero ... .seconds(3600)) { stop.grace = value }
        return stop
    }
}

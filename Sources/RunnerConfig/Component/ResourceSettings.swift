/// What a component's container may use.
package struct ResourceSettings: Sendable, Hashable {
    /// 6 MiB is the least an engine accepts.
    static let memoryRange: ClosedRange<Int64> = 6 << 20...64 << 40

    package var memoryBytes: Int64 = 1 << 30
    /// Processor cores; nil is no limit.
    package var cpus: Double?
    package var pids = 512

    package init() {}

    static func read(_ field: ConfigField) -> ResourceSettings? {
        guard let mapping = field.mapping(["memory", "cpus", "pids"]) else { return nil }
        var resources = ResourceSettings()
        if let value = mapping["memory"]?.byteSize(in: memoryRange) { resources.memoryBytes = value }
        resources.cpus = mapping["cpus"]?.textOrNumber("a number of processors such as 1.5", parseCPUs)
        if let value = mapping["pids"]?.integer(in: 1...4_194_304) { resources.pids = value }
        return resources
    }

    private static func parseCPUs(_ text: String) throws(ConfigValueError) -> Double {
        guard case .number(let value) = YAMLValue(resolving: text), (0.01...1024).contains(value) else {
            throw ConfigValueError("\(quoted(text)) is not a number of processors; accepted: 0.01 to 1024, as in 1.5")
        }
        return value
    }
}

/// Limits that the agent's configuration sets; what is nil keeps its default.
package struct LimitsConfig: Sendable, Hashable {
    /// Bytes of a compressed archive.
    package var archiveBytes: Int64?
    /// Bytes of an archive's contents.
    package var expandedBytes: Int64?
    /// Expanded bytes for each compressed one.
    package var expansionRatio: Int64?
    /// Bytes of one file of an archive.
    package var fileBytes: Int64?
    /// Files, directories and links of an archive.
    package var members: Int64?
    /// Bytes of all archives kept.
    package var cacheBytes: Int64?
    /// Bytes of logs kept for one instance.
    package var logBytes: Int64?
    /// Bytes of logs kept in all.
    package var logTotalBytes: Int64?
    /// Terminal instances kept.
    package var historyCount: Int64?
    /// How long a terminal instance is kept.
    package var historyAge: Duration?
    /// Starts a minute for each user.
    package var startsPerMinute: Int64?

    package init() {}

    private static let keys = [
        "archiveBytes", "expandedBytes", "expansionRatio", "fileBytes", "members", "cacheBytes", "logBytes",
        "logTotalBytes", "historyCount", "historyAge", "startsPerMinute",
    ]
    private static let sizeRange: ClosedRange<Int64> = 64 << 10...1 << 50

    static func read(_ field: ConfigField) -> LimitsConfig? {
        guard let mapping = field.mapping(keys) else { return nil }
        var limits = LimitsConfig()
        limits.archiveBytes = mapping["archiveBytes"]?.byteSize(in: sizeRange)
        limits.expandedBytes = mapping["expandedBytes"]?.byteSize(in: sizeRange)
        limits.expansionRatio = mapping["expansionRatio"]?.integer(in: 1...1_000_000).map(Int64.init)
        limits.fileBytes = mapping["fileBytes"]?.byteSize(in: sizeRange)
        limits.members = mapping["members"]?.integer(in: 1...10_000_000).map(Int64.init)
        limits.cacheBytes = mapping["cacheBytes"]?.byteSize(in: sizeRange)
        limits.logBytes = mapping["logBytes"]?.byteSize(in: sizeRange)
        limits.logTotalBytes = mapping["logTotalBytes"]?.byteSize(in: sizeRange)
        limits.historyCount = mapping["historyCount"]?.integer(in: 0...100_000).map(Int64.init)
        limits.historyAge = mapping["historyAge"]?.duration(in: .seconds(60) ... .seconds(3650 * 86_400))
        limits.startsPerMinute = mapping["startsPerMinute"]?.integer(in: 1...1_000_000).map(Int64.init)
        return limits
    }
}

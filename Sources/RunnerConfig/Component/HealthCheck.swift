/// An HTTP probe of the component's first port.
package struct HealthCheck: Sendable, Hashable {
    /// Begins with one `/`; visible ASCII without `#`.
    package var path: String
    /// From the end of one probe to the next; at least 1 s.
    package var interval = Duration.seconds(30)
    /// Of one probe; at most 30 s.
    package var timeout = Duration.seconds(10)
    /// Probes that fail in a row before the component counts as unhealthy.
    package var retries = 3
    /// Failures this long after the start do not count.
    package var startPeriod = Duration.zero
    /// Statuses that are a success.
    package var expectStatus = [200...399]

    package init(path: String) {
        self.path = path
    }

    /// Whether a response with `status` is a success.
    package func accepts(status: Int) -> Bool {
        expectStatus.contains { $0.contains(status) }
    }

    static func read(_ field: ConfigField) -> HealthCheck? {
        let keys = ["path", "interval", "timeout", "retries", "startPeriod", "expectStatus"]
        guard let mapping = field.mapping(keys) else { return nil }
        var check = HealthCheck(path: "/")
        if let path = mapping.required("path", "as in path: /healthz")?.text("a path", parsePath) { check.path = path }
        if let value = mapping["interval"]?.duration(in: .seconds(1) ... .seconds(86_400)) { check.interval = value }
        if let value = mapping["timeout"]?.duration(in: .milliseconds(1) ... .seconds(30)) { check.timeout = value }
        if let value = mapping["retries"]?.integer(in: 1...1000) { check.retries = value }
        if let value = mapping["startPeriod"]?.duration(in: .zero ... .seconds(86_400)) { check.startPeriod = value }
        if let value = mapping["expectStatus"].flatMap(StatusRanges.read) { check.expectStatus = value }
        return check
    }

    /// Only a path: nothing here may lead a probe to another host.
    private static func parsePath(_ text: String) throws(ConfigValueError) -> String {
        guard text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 2048,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
        else {
            throw ConfigValueError(
                "\(quoted(text)) is not a path; accepted: one / and then visible ASCII without #, as in /healthz"
            )
        }
        return text
    }
}

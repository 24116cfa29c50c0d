import RunnerConfig

/// How a container's health is asked for, in the form the journal keeps.
struct HealthCheckSettings: Sendable, Codable, Hashable {
    struct StatusRange: Sendable, Codable, Hashable {
        var first: Int
        var last: Int
    }

    var path: String
    var interval: Duration
    var timeout: Duration
    var retries: Int
    var startPeriod: Duration
    var expectStatus: [StatusRange]

    init(_ check: HealthCheck) {
        path = check.path
        interval = check.interval
        timeout = check.timeout
        retries = check.retries
        startPeriod = check.startPeriod
        expectStatus = check.expectStatus.map { StatusRange(first: $0.lowerBound, last: $0.upperBound) }
    }

    func accepts(_ status: Int) -> Bool {
        expectStatus.contains { ($0.first...$0.last).contains(status) }
    }
}

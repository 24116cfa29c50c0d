import HTTPTransport

/// Asks a running container for its health over its published port.
///
/// The address is ours (what we published), the path comes from the configuration; redirects are not followed, no proxy is
/// used, and an answer's body is not read beyond its first bytes: a configuration cannot make the agent probe elsewhere.
struct HealthMonitor {
    /// Between probes until the first good one.
    static let eagerInterval = Duration.milliseconds(250)

    let settings: HealthCheckSettings
    let url: String
    let http: HTTPClient

    enum Verdict: Sendable {
        case healthy
        /// Failed, and what was seen.
        case failed(String)
    }

    /// Probes until cancelled.
    ///
    /// Returns only when the start has failed, with what the last probe saw.
    ///
    /// Before the first good answer the eager probes only find it early: the start has failed when `retries` intervals
    /// after `startPeriod` have brought none. After it, `retries` bad probes in a row are `unhealthy` and nothing more.
    ///
    /// - Parameter report: the health after each probe that changes or confirms it, with the probe's outcome.
    func run(alreadyHealthy: Bool, report: (HealthStatus, String) async -> Void) async -> String? {
        let deadline = ContinuousClock.now + settings.startPeriod + settings.interval * settings.retries
        var everHealthy = alreadyHealthy
        var failures = 0
        while !Task.isCancelled {
            let verdict = await probe()
            guard !Task.isCancelled else { break }
            switch verdict {
            case .healthy:
                failures = 0
                everHealthy = true
                await report(.healthy, "GET \(settings.path) was answered as expected")
            case .failed(let reason) where everHealthy:
                failures += 1
                if failures >= settings.retries { await report(.unhealthy, reason) }
            case .failed(let reason):
                if ContinuousClock.now >= deadline { return reason }
            }
            // Ended by cancellation alone, which the loop's condition sees.
            try? await Task.sleep(for: everHealthy ? settings.interval : min(Self.eagerInterval, settings.interval))
        }
        return nil
    }

    func probe() async -> Verdict {
        var request = HTTPRequest(method: "GET", url: url)
        request.headers.set("User-Agent", "runner-agent-health")
        request.allowedSchemes = ["http"]
        request.proxy = .none
        request.connectTimeout = settings.timeout
        request.totalTimeout = settings.timeout
        do {
            let response = try await http.send(request)
            response.body.cancel()
            guard settings.accepts(response.status) else {
                return .failed("GET \(settings.path) was answered with status \(response.status)")
            }
            return .healthy
        } catch {
            return .failed("GET \(settings.path): \(error.message)")
        }
    }
}

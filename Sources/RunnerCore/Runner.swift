import Crypto
import GitHubSource
import HTTPTransport
import Logging
import NIOConcurrencyHelpers
import RunnerConfig
import SourceArchive

/// The agent's core: starts, stops and watches components, one running at a time unless configured otherwise.
///
/// Making one reads the journal and takes back what still runs; `run()` returns after `shutdown()`. Lists and single
/// instances are answered from memory; nothing here asks the engine to answer a reader.
package final class Runner: Sendable {
    struct State {
        var jobs: [InstanceID: StartJob] = [:]
        var runs: [InstanceID: InstanceRun] = [:]
        var idempotency = IdempotencyKeys()
        var settings: [InstanceID: ContainerSettings] = [:]
        var shuttingDown = false
    }

    package let paths: RunnerPaths
    let services: Services
    let journal: Journal
    let stateDirectory: StateDirectory
    let state = NIOLockedValueBox(State())
    /// What may be left over in the engine is being removed; shared by all who wait for it.
    private let cleaning = NIOLockedValueBox<Task<Result<Void, any Error>, Never>?>(nil)
    private let finished = NIOLockedValueBox<CheckedContinuation<Void, Never>?>(nil)

    /// Blocking, short: takes a lock and reads a file.
    package init(_ configuration: RunnerConfiguration, stateDirectory: StateDirectory) throws(Failure) {
        self.stateDirectory = stateDirectory
        var limits = Limits(configuration.agent.limits)
        limits.scale(by: configuration.pace)
        let http = HTTPClient()
        let registry = InstanceRegistry()
        journal = Journal(directory: stateDirectory.path)
        paths = RunnerPaths(stateDirectory: stateDirectory.path, cacheDirectory: configuration.cacheDirectory)
        services = Services(
            configuration: configuration, limits: limits, owner: stateDirectory.owner, http: http,
            engine: EngineGate(http: http, configuration: configuration),
            github: GitHubClient(http: http, hosts: configuration.agent.github, environment: configuration.environment),
            cache: ArchiveCache(directory: configuration.cacheDirectory + "/archives", limitBytes: limits.cacheBytes),
            logs: LogStore(directory: stateDirectory.path + "/logs", retentionBytes: limits.logBytes),
            registry: registry)
        let earlier = try journal.load()
        restore(earlier)
        compactJournal()
        adoptAll()
        if !earlier.isEmpty { beginCleaning() }
    }

    /// Returns when nothing of ours without an instance is left in the engine; throws when that cannot be known.
    ///
    /// Tried when an earlier run left a journal, and by each start until it has succeeded: also when the journal was lost,
    /// for the engine's labels are the truth. What is left may run, so nothing is started beside it. Nothing polls.
    func cleaned() async throws {
        var pause = services.limits.outputPauses.first
        var attempts = 0
        while services.mayHaveLeftovers.withLockedValue({ $0 }) {
            do {
                try await beginCleaning().value.get()
            } catch {
                attempts += 1
                guard attempts < Self.cleaningAttempts else { throw error }
                try await Task.sleep(for: pause)
                pause = pause * 2
            }
        }
    }

    private static let cleaningAttempts = 3

    // Unstructured: making a runner does not wait for an engine, and what one start waits for the next one shares.
    @discardableResult
    private func beginCleaning() -> Task<Result<Void, any Error>, Never> {
        cleaning.withLockedValue { current in
            let task =
                current
                ?? Task { [self] in
                    defer { cleaning.withLockedValue { $0 = nil } }
                    do {
                        return .success(try await removeOrphans())
                    } catch {
                        return .failure(error)
                    }
                }
            current = task
            return task
        }
    }

    /// A disk without room must not keep what runs from being listed and stopped: the longer journal does as well.
    private func compactJournal() {
        do {
            try journal.rewrite(entries())
        } catch {
            services.logger.warning("the journal was not compacted", metadata: ["error": "\(error.message)"])
        }
    }

    /// Keeps the history within its limits and waits for `shutdown()`.
    package func run() async {
        let housekeeping = Task {
            repeat { await dropHistory() } while (try? await Task.sleep(for: .seconds(3600))) != nil
        }
        let watching = Task { await EngineWatch(services: services).run() }
        defer {
            housekeeping.cancel()
            watching.cancel()
        }
        await withCheckedContinuation { continuation in
            let over = state.withLockedValue { state in
                if state.shuttingDown { return true }
                finished.withLockedValue { $0 = continuation }
                return false
            }
            if over { continuation.resume() }
        }
    }

    /// Ends the agent, not the components: running containers are kept, starts in flight become `INTERRUPTED`.
    package func shutdown() async {
        let jobs = state.withLockedValue { state -> [StartJob]? in
            guard !state.shuttingDown else { return nil }
            state.shuttingDown = true
            return Array(state.jobs.values)
        }
        guard let jobs else { return }
        for job in jobs { job.cancel(.shutdown) }
        // In a task of its own: a caller that is cancelled must not cut the jobs' cleaning up short.
        await Task { for job in jobs { await job.wait() } }.value
        await services.logs.endAll(.shutdown)
        services.registry.closeWatches()
        services.http.shutdown()
        finished.withLockedValue { $0.take() }?.resume()
    }

    // MARK: Reading

    package func instance(_ id: InstanceID) -> Instance? { services.registry.instance(id) }

    /// Newest start first.
    package func instances() -> [Instance] { services.registry.instances() }

    /// Another value whenever an instance was added, changed or removed.
    package var instancesVersion: UInt64 { services.registry.version }

    /// Every change of the matching instances, newest state first when the reader is slow.
    package func watch(componentRef: String? = nil, instanceID: InstanceID? = nil) -> InstanceWatch {
        services.registry.watch { instance in
            (componentRef == nil || instance.componentRef == componentRef)
                && (instanceID == nil || instance.id == instanceID)
        }
    }

    package func readLogs(_ id: InstanceID, _ query: LogQuery) async throws(Failure) -> LogPage {
        try await services.logs.page(of: try log(of: id), query)
    }

    package func followLogs(_ id: InstanceID, _ query: LogQuery) async throws(Failure) -> LogCursor {
        try await services.logs.cursor(of: try log(of: id), query)
    }

    package var engineState: EngineSnapshot { services.engine.snapshot }

    package var counts: (instances: Int, running: Int) {
        let instances = instances()
        return (instances.count, instances.count { $0.status == .running })
    }

    package var limits: [(String, Int64)] { services.limits.named }

    /// Starts accepted in a minute from one user before `BUSY`.
    package var startsPerMinute: Int64 { services.configuration.agent.limits.startsPerMinute ?? 600 }

    private func log(of id: InstanceID) throws(Failure) -> InstanceLog {
        guard services.registry.instance(id) != nil, let log = services.logs.log(id) else { throw Self.notFound(id) }
        return log
    }

    static func notFound(_ id: InstanceID) -> Failure {
        Failure(
            .instanceNotFound, "there is no instance \(id)",
            hint: "runner.list names those that are known; ended ones are kept for some days")
    }

    var shuttingDownFailure: Failure {
        Failure(.shuttingDown, "the agent is shutting down", hint: "try again when it is back", retryable: true)
    }
}

extension Limits {
    init(_ config: LimitsConfig) {
        self.init()
        archive.compressedBytes = config.archiveBytes ?? archive.compressedBytes
        archive.expandedBytes = config.expandedBytes ?? archive.expandedBytes
        archive.ratio = config.expansionRatio ?? archive.ratio
        archive.fileBytes = config.fileBytes ?? archive.fileBytes
        archive.members = config.members.map { Int($0) } ?? archive.members
        logBytes = config.logBytes ?? logBytes
        logTotalBytes = config.logTotalBytes ?? logTotalBytes
        historyCount = config.historyCount.map { Int($0) } ?? historyCount
        historyAge = config.historyAge ?? historyAge
        cacheBytes = config.cacheBytes ?? cacheBytes
    }
}

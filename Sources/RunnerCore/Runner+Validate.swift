import FoundationEssentials
import NIOConcurrencyHelpers
import RunnerConfig

/// What a start would use, without starting it.
package struct ValidationReport: Sendable {
    /// The configuration as understood, as a JSON object; nil when it has errors.
    package var configJSON: [UInt8]?
    package var warnings: [String]
    package var diagnostics: [Failure.Diagnostic]
}

extension Runner {
    /// Reads and checks a source, an entity's source, or a configuration text alone; starts nothing.
    ///
    /// Errors of the configuration are in the report; everything before it (source not found, ...) is thrown.
    package func validate(_ request: StartRequest) async throws(Failure) -> ValidationReport {
        if request.source == nil, request.entityJSON == nil, request.componentRef == nil,
            let text = request.inlineConfig
        {
            return validate(text)
        }
        let plan = try StartPlan(
            request, agent: services.configuration.agent, github: services.github, limits: services.limits)
        let looked = await look(at: plan) { context in
            let source = try await SourceStage(context: context).run()
            return try await ConfigureStage(context: context).run(source).config
        }
        let warnings = looked.warnings
        switch looked.outcome {
        case .success(let config):
            return ValidationReport(configJSON: config.json, warnings: warnings, diagnostics: [])
        case .failure(let failure) where !failure.diagnostics.isEmpty:
            return ValidationReport(configJSON: nil, warnings: warnings, diagnostics: failure.diagnostics)
        case .failure(let failure):
            throw failure
        }
    }

    /// Does the first steps of a start without an instance that anybody could see.
    func look<Value: Sendable>(
        at plan: StartPlan, _ body: (StartContext) async throws -> Value
    ) async -> (outcome: Result<Value, Failure>, warnings: [String]) {
        let id = InstanceID()
        let context = StartContext(
            id: id, services: services, plan: plan, job: StartJob(id: id, epoch: 0), log: services.logs.create(id))
        let outcome: Result<Value, Failure>
        do {
            outcome = .success(try await body(context))
        } catch {
            outcome = .failure(Failure(mapping: error))
        }
        await services.logs.remove(id)
        return (outcome, context.warnings)
    }

    private func validate(_ text: [UInt8]) -> ValidationReport {
        do {
            let (config, warnings) = try ComponentConfig.parse(text)
            return ValidationReport(configJSON: config.json, warnings: warnings.map(\.description), diagnostics: [])
        } catch {
            return ValidationReport(
                configJSON: nil, warnings: error.warnings.map(\.description),
                diagnostics: Failure(invalidConfig: error, file: "config").diagnostics)
        }
    }
}

extension ComponentConfig {
    /// The configuration with its defaults filled in, in the form a file may have it.
    fileprivate var json: [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and lists always encode.
        return (try? encoder.encode(Shown(self))).map { [UInt8]($0) }
    }
}

/// The shape of `.runner/config.yml` below `runner`.
private struct Shown: Encodable {
    struct Health: Encodable {
        var path: String
        var interval: String
        var timeout: String
        var retries: Int
        var startPeriod: String
        var expectStatus: [String]
    }

    struct Build: Encodable {
        var context: String
        var args: [String: String]
        var target: String?
        var secrets: [String]
        var labels: [String: String]
        var platform: String?
        var noCache: Bool
        var pull: Bool
        var timeout: String
        var memory: Int64?
    }

    struct Stop: Encodable {
        var signal: String
        var grace: String
    }

    struct Resources: Encodable {
        var memory: Int64
        var cpus: Double?
        var pids: Int
    }

    struct Security: Encodable {
        var capAdd: [String]
        var readOnlyRoot: Bool
    }

    var type: String
    var dockerfile: String
    var ports: [String]
    var environment: [String: String]
    var healthCheck: Health?
    var build: Build
    var stop: Stop
    var resources: Resources
    var security: Security

    init(_ config: ComponentConfig) {
        type = config.type.rawValue
        dockerfile = config.dockerfile
        ports = config.ports.map(\.description)
        environment = Self.map(config.environment)
        healthCheck = config.healthCheck.map {
            Health(
                path: $0.path, interval: $0.interval.text, timeout: $0.timeout.text, retries: $0.retries,
                startPeriod: $0.startPeriod.text,
                expectStatus: $0.expectStatus.map { "\($0.lowerBound)-\($0.upperBound)" })
        }
        let build = config.build
        self.build = Build(
            context: build.context, args: Self.map(build.args), target: build.target, secrets: build.secrets,
            labels: Self.map(build.labels), platform: build.platform, noCache: build.noCache, pull: build.pull,
            timeout: build.timeout.text, memory: build.memoryBytes)
        stop = Stop(signal: config.stop.signal, grace: config.stop.grace.text)
        resources = Resources(
            memory: config.resources.memoryBytes, cpus: config.resources.cpus, pids: config.resources.pids)
        security = Security(capAdd: config.security.capAdd, readOnlyRoot: config.security.readOnlyRoot)
    }

    private static func map(_ entries: [EnvironmentEntry]) -> [String: String] {
        Dictionary(entries.map { ($0.name, $0.value) }) { _, last in last }
    }
}

extension Duration {
    /// In the grammar of the configuration.
    fileprivate var text: String { milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms" }
}

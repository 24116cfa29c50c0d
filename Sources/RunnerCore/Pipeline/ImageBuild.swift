import DockerEngine
import HTTPTransport
import RunnerConfig
import SourceArchive

/// One build on the engine, from the base images to the image's id.
///
/// BuildKit with our session where there is one; BuildKit with base images pulled before where a proxy refuses sessions; the
/// classic builder on request; Podman's one builder on Podman.
struct ImageBuild {
    let context: StartContext
    let component: ConfiguredComponent
    let source: PreparedSource
    let plan: ContextPlan
    let tag: String
    let secrets: BuildSecrets
    let engine: EngineClient
    let info: EngineInfo

    private var settings: BuildSettings { component.config.build }

    /// Ends with the build's time limit at the latest; whatever it throws, the engine has stopped working on it.
    func run() async throws -> String {
        let logins = RegistryLogins(
            environment: context.services.configuration.environment,
            withholding: context.services.configuration.agent.secretVariables)
        return try await withTimeout(settings.timeout) { [self] in
            do {
                return try await build(logins)
            } catch let error as BuildFailure {
                var failure = Failure(mapping: error)
                failure.message = secrets.masked(failure.message)
                if error.kind == .secretMissing, let reason = secretsRefused {
                    failure.hint = "\(reason): do without required=true, or use an engine that takes them"
                }
                failure.logTail = await context.services.logTail(context.log, phase: .build)
                throw RegistryRefusal(error, logins: logins)?.explaining(failure) ?? failure
            } catch let error as ImagePullFailure {
                let failure = Failure(mapping: error)
                throw RegistryRefusal(error, logins: logins)?.explaining(failure) ?? failure
            } catch is CancellationError {
                // Docker kills the step; the end of the connection is all that Podman can be told.
                if info.kind == .podman {
                    await context.say(
                        "Podman cannot stop a step: the one under way runs to its end, and no image is made", .build)
                }
                throw CancellationError()
            }
        }
    }

    /// Why the build gets no secrets; nil when BuildKit runs it.
    private var secretsRefused: String? {
        if info.kind == .podman { return "Podman's Docker API takes no build secrets" }
        return usesClassic ? "the classic builder takes no build secrets" : nil
    }

    private var usesClassic: Bool { context.services.configuration.agent.builder == "classic" }

    private func build(_ logins: RegistryLogins) async throws -> String {
        var request = request()
        let bases = BaseImages(of: component, on: info)
        guard request.usesBuildKit(on: info.kind) else {
            if !secrets.values.isEmpty { await warnOfSecrets(secretsRefused ?? "this builder takes none") }
            request.credentials = await bases.logins(logins)
            return try await send(request)
        }
        if request.memoryBytes != nil {
            await context.warn([
                "build.memory is not applied: BuildKit has no limit of its own; limit the engine, or use the classic builder"
            ])
        }
        let offer = BuildSessionOffer(secrets: secrets.values) { await logins.login(for: RegistryHost($0)) }
        do {
            return try await engine.withBuildSession(offer) { session in
                var request = request
                request.session = session
                return try await send(request)
            }
        } catch let refused as BuildSessionRefused {
            await context.say("\(refused.message): base images are pulled before the build", .build)
            if !secrets.values.isEmpty { await warnOfSecrets("a proxy before the engine refuses /session") }
            try await bases.pull(with: engine, logins: logins, context: context)
            return try await send(request)
        }
    }

    private func warnOfSecrets(_ reason: String) async {
        await context.warn(["build secrets are not given to the build: \(reason)"])
    }

    // MARK: Sending

    private func send(_ request: BuildRequest) async throws -> String {
        let pipe = HTTPBodyPipe()
        async let written = writeBody(to: pipe)
        var output = BuildOutput(context: context, secrets: secrets)
        var outcome: Result<String?, any Error>
        do {
            var id: String?
            for try await event in engine.build(request, context: pipe) {
                if case .imageID(let image) = event { id = image }
                await output.take(event)
            }
            outcome = .success(id)
        } catch {
            outcome = .failure(error)
        }
        await output.finish()
        // A source that turned out bad is the cause of the build's end, whatever the engine made of it.
        if case .failure(let error as ArchiveError) = await written, error.code != .cancelled { throw error }
        guard let id = try outcome.get() else {
            throw Failure(.buildFailed, "the build ended without an image", hint: "the engine's own log says more")
        }
        return id
    }

    /// The terminating chunk is sent only after all of the source was found good; an engine builds a cut one otherwise.
    private func writeBody(to pipe: HTTPBodyPipe) async -> Result<ContextSummary, any Error> {
        let (limits, context, source, plan) = (context.services.limits.archive, context, source, plan)
        return await context.files.run {
            do {
                let summary = try writeContext(
                    of: source.tree, plan: plan, limits: limits, isCancelled: { context.isCancelled },
                    to: { try pipe.write($0) })
                pipe.finish()
                return .success(summary)
            } catch {
                pipe.abort()
                return .failure(error)
            }
        }
    }

    private func request() -> BuildRequest {
        var request = BuildRequest(tags: [tag])
        switch plan.dockerfile {
        case .inContext(let path): request.dockerfile = String(decoding: path.bytes, as: UTF8.self)
        case .injected(let name, _): request.dockerfile = name
        }
        request.buildArgs = Dictionary(settings.args.map { ($0.name, $0.value) }) { _, last in last }
        request.target = settings.target
        request.labels = Dictionary(settings.labels.map { ($0.name, $0.value) }) { _, last in last }
        request.labels[Label.owner] = context.services.owner
        request.labels[Label.component] = context.plan.componentRef
        request.labels[Label.schema] = Label.schemaVersion
        if let commit = source.commit { request.labels[Label.commit] = commit }
        request.platform = settings.platform
        request.noCache = settings.noCache
        request.pull = settings.pull
        request.memoryBytes = settings.memoryBytes
        request.builder = usesClassic ? .classic : .automatic
        return request
    }

    private func withTimeout(
        _ limit: Duration, _ operation: @escaping @Sendable () async throws -> String
    ) async throws -> String {
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let id = first else {
                throw Failure(
                    .buildTimeout, "the build took longer than \(limit.components.seconds) s",
                    hint: "raise build.timeout in the configuration, or see in the build log what takes the time")
            }
            return id
        }
    }
}

import Crypto
import DockerEngine
import HTTPTransport
import RunnerConfig
import SourceArchive

/// Phase `building`: an image of this very source and configuration, built or found.
struct BuildStage {
    let context: StartContext

    func run(_ component: ConfiguredComponent, _ source: PreparedSource) async throws -> InstanceImage {
        try await context.enter(.building, "building the image")
        let services = context.services
        let engine = try await services.engine.client()
        let info = try await engine.connect()
        var plan = try contextPlan(component, source, on: info)
        let identity = try await sourceIdentity(source, plan)
        // The image is named by what the directory held: nothing else may be built under that name.
        if source.commit == nil { plan.expectedDigest = identity }
        let tag = imageName(component, identity)
        let settings = component.config.build
        if !settings.noCache, !settings.pull, let image = try await engine.inspectImage(tag),
            image.labels[Label.owner] == services.owner
        {
            await context.say("the image of an earlier start of the same source is used", .build)
            let known = InstanceImage(id: image.id, cached: true)
            context.registry.apply(.imageReady(known), to: context.id)
            return known
        }
        let id = try await withTimeout(settings.timeout) { [plan] in
            try await pullBases(component, engine, info)
            return try await build(component, source, plan, tag: tag, engine)
        }
        let image = InstanceImage(id: id, cached: false)
        context.registry.apply(.imageReady(image), to: context.id)
        return image
    }

    // MARK: What is built

    private func contextPlan(
        _ component: ConfiguredComponent, _ source: PreparedSource, on engine: EngineInfo
    ) throws -> ContextPlan {
        let captured = source.inspection.captured
        let specific = try ArchivePath(validating: component.dockerfile.bytes + Array(".dockerignore".utf8))
        let general = try component.contextDirectory.appending(ArchivePath(".dockerignore"))
        let rules = captured[specific] ?? captured[general]
        let placement: DockerfilePlacement
        if let relative = component.dockerfile.relative(to: component.contextDirectory) {
            placement = .inContext(relative)
        } else {
            let digest = hexadecimal(SHA256.hash(data: component.dockerfileContents)).prefix(20)
            placement = .injected(name: ".dockerfile.\(digest)", contents: component.dockerfileContents)
        }
        return ContextPlan(
            contextDirectory: component.contextDirectory,
            ignore: try rules.map { try IgnoreRules(parsing: $0) } ?? .none,
            dockerfile: placement, mtime: source.inspection.commitTime,
            // Podman applies the general file once more, which must not happen when the specific one rules.
            omitIgnoreFile: engine.kind == .podman && captured[specific] != nil)
    }

    /// The same source and build settings give the same name; that is how an unchanged start builds nothing.
    private func imageName(_ component: ConfiguredComponent, _ identity: String) -> String {
        // With the resolved path of the Dockerfile: the configuration's is relative to the component's directory.
        let text = """
            \(identity)
            \(component.contextDirectory)
            \(component.dockerfile)
            \(component.config.buildDigestText)
            """
        let key = hexadecimal(SHA256.hash(data: Array(text.utf8))).prefix(16)
        let slug = context.plan.componentRef.lowercased().map { character in
            character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
        }
        return "runner-agent/\(context.services.ownerShort)/\(String(slug)):\(key)".replacingRepeatedDashes
    }

    /// A commit names its content; a directory is read once more for its digest.
    private func sourceIdentity(_ source: PreparedSource, _ plan: ContextPlan) async throws -> String {
        if let commit = source.commit { return commit }
        let (limits, context) = (context.services.limits.archive, context)
        return try await context.files.run {
            try contextDigest(of: source.tree, plan: plan, limits: limits, isCancelled: { context.isCancelled })
        }
    }

    // MARK: Pulling

    /// BuildKit without a session cannot log in to a registry, so what is missing is pulled before.
    private func pullBases(_ component: ConfiguredComponent, _ engine: EngineClient, _ info: EngineInfo) async throws {
        guard info.kind == .docker else { return }
        let settings = component.config.build
        let images = baseImages(
            inDockerfile: component.dockerfileContents,
            buildArgs: Dictionary(settings.args.map { ($0.name, $0.value) }) { _, last in last },
            target: settings.target, platform: settings.platform ?? info.platform)
        for image in images {
            if !settings.pull, try await engine.inspectImage(image) != nil { continue }
            await context.say("pulling \(image)", .build)
            let context = context
            try await engine.pullImage(image, platform: settings.platform) { progress in
                context.report(
                    .building, "pulling \(image): \(progress.status)", current: progress.current, total: progress.total,
                    unit: "bytes")
            }
        }
    }

    // MARK: Building

    private func build(
        _ component: ConfiguredComponent, _ source: PreparedSource, _ plan: ContextPlan, tag: String,
        _ engine: EngineClient
    ) async throws -> String {
        let pipe = HTTPBodyPipe()
        async let written = writeBody(source, plan, to: pipe)
        var output = BuildOutput(context: context)
        var outcome: Result<String?, any Error>
        do {
            var id: String?
            for try await event in engine.build(request(component, source, plan, tag: tag), context: pipe) {
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
        do {
            guard let id = try outcome.get() else {
                throw Failure(.buildFailed, "the build ended without an image", hint: "the engine's own log says more")
            }
            return id
        } catch let error as BuildFailure {
            var failure = Failure(mapping: error)
            failure.logTail = await context.services.logTail(context.log, phase: .build)
            throw failure
        }
    }

    /// The terminating chunk is sent only after all of the source was found good; an engine builds a cut one otherwise.
    private func writeBody(
        _ source: PreparedSource, _ plan: ContextPlan, to pipe: HTTPBodyPipe
    ) async -> Result<ContextSummary, any Error> {
        let (limits, context) = (context.services.limits.archive, context)
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

    private func request(
        _ component: ConfiguredComponent, _ source: PreparedSource, _ plan: ContextPlan, tag: String
    ) -> BuildRequest {
        let settings = component.config.build
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
        request.memoryBytes = settings.memoryBytes
        request.builder = context.services.configuration.agent.builder == "classic" ? .classic : .automatic
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

extension String {
    /// A repository name may not hold more than one separator in a row.
    fileprivate var replacingRepeatedDashes: String {
        var text = ""
        for character in self where !(character == "-" && text.last == "-") { text.append(character) }
        return text
    }
}

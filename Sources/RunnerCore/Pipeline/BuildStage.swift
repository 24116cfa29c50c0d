import Crypto
import DockerEngine
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
        var plan = try component.contextPlan(
            source,
            // Podman applies the general file once more, which must not happen when the specific one rules.
            omitsIgnoreFile: info.kind == .podman,
            hidesFromCopy: info.kind == .docker && services.configuration.agent.builder == "classic")
        let secrets = try await secrets(component.config.build)
        let identity = try await context.sourceIdentity(source, plan)
        // The image is named by what the directory held: nothing else may be built under that name.
        if source.commit == nil { plan.expectedDigest = identity }
        let tag = imageName(component, identity, secrets)
        let settings = component.config.build
        if !settings.noCache, !settings.pull, let image = try await engine.inspectImage(tag),
            image.labels[Label.owner] == services.owner
        {
            await context.say("the image of an earlier start of the same source is used", .build)
            let known = InstanceImage(id: image.id, cached: true)
            context.registry.apply(.imageReady(known), to: context.id)
            return known
        }
        let build = ImageBuild(
            context: context, component: component, source: source, plan: plan, tag: tag, secrets: secrets,
            engine: engine, info: info)
        let image = InstanceImage(id: try await build.run(), cached: false)
        context.registry.apply(.imageReady(image), to: context.id)
        return image
    }

    /// The values that this build may mount; read before it is known whether anything must be built, for they tell.
    private func secrets(_ settings: BuildSettings) async throws -> BuildSecrets {
        let configuration = context.services.configuration
        let request = context.plan.request.buildSecrets
        let secrets = try await context.files.run {
            try BuildSecrets(
                request: request, listed: settings.secrets, agent: configuration.agent.buildSecrets,
                environment: configuration.environment)
        }
        let missing = settings.secrets.filter { secrets.values[$0] == nil }
        if !missing.isEmpty {
            await context.warn([
                "build.secrets: nobody gives \(missing.joined(separator: ", ")); a step that requires it will fail"
            ])
        }
        return secrets
    }

    // MARK: What is built

    /// The same source and build settings give the same name; that is how an unchanged start builds nothing.
    private func imageName(_ component: ConfiguredComponent, _ identity: String, _ secrets: BuildSecrets) -> String {
        // With the resolved path of the Dockerfile: the configuration's is relative to the component's directory.
        // Which secrets there are changes what is built; their values do not, as BuildKit's own cache has it.
        let given = secrets.values.keys.sorted().map { " \($0)" }.joined()
        let text = """
            \(identity)\(given)
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
}

extension String {
    /// A repository name may not hold more than one separator in a row.
    fileprivate var replacingRepeatedDashes: String {
        var text = ""
        for character in self where !(character == "-" && text.last == "-") { text.append(character) }
        return text
    }
}

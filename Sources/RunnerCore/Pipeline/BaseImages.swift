import DockerEngine
import RunnerConfig

/// The images a Dockerfile starts from, for engines that do not find them by themselves.
struct BaseImages {
    let references: [String]
    private let platform: String?
    /// Newer ones are asked for even when the engine has some.
    private let refresh: Bool

    init(of component: ConfiguredComponent, on info: EngineInfo) {
        let settings = component.config.build
        references = baseImages(
            inDockerfile: component.dockerfileContents,
            buildArgs: Dictionary(settings.args.map { ($0.name, $0.value) }) { _, last in last },
            target: settings.target, platform: settings.platform ?? info.platform)
        platform = settings.platform
        refresh = settings.pull
    }

    /// The logins of their registries, as the classic builder and Podman want them.
    func logins(_ logins: RegistryLogins) async -> [RegistryAuth] {
        var found: [RegistryAuth] = []
        for host in Set(references.map { RegistryHost(ofImage: $0) }) {
            if let login = await logins.login(for: host) { found.append(login) }
        }
        return found
    }

    /// Pulls what is missing: BuildKit without a session cannot log in to a registry.
    func pull(with engine: EngineClient, logins: RegistryLogins, context: StartContext) async throws {
        for image in references {
            if !refresh, try await engine.inspectImage(image) != nil { continue }
            await context.say("pulling \(image)", .build)
            let login = await logins.login(for: RegistryHost(ofImage: image))
            try await engine.pullImage(image, platform: platform, auth: login) { progress in
                context.report(
                    .building, "pulling \(image): \(progress.status)", current: progress.current,
                    total: progress.total, unit: "bytes")
            }
        }
    }
}

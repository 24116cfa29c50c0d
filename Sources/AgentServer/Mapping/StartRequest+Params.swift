internal import RunnerCore
internal import RunnerProtocol

extension StartRequest {
    init(_ params: StartParams) {
        self.init()
        componentRef = params.componentRef
        entityJSON = params.entity?.serialized
        source = params.source.map(StartRequest.Source.init)
        configPath = params.configPath
        inlineConfig = params.config
        token = params.token
        onExisting = ExistingPolicy(params.onExisting)
        idempotencyKey = params.idempotencyKey
        environment = params.environment
        ports = params.ports
        buildSecrets = params.buildSecrets
        timeout = params.timeoutSeconds.map { .seconds($0) }
        ttl = params.ttlSeconds.map { .seconds($0) }
        requestedBy = params.requestedBy
        fingerprint = params.fingerprint
    }

    init(_ params: ValidateParams) {
        self.init()
        switch params.subject {
        case .source(let source): self.source = Source(source)
        case .entity(let entity): entityJSON = entity.serialized
        case .config(let text): inlineConfig = text
        }
    }
}

extension StartRequest.Source {
    init(_ params: SourceParams) {
        switch params {
        case .location(let location, let ref): self = .location(location, ref: ref)
        case .directory(let path): self = .directory(path)
        }
    }
}

extension StartRequest.ExistingPolicy {
    init(_ policy: StartParams.OnExisting) {
        switch policy {
        case .replace: self = .replace
        case .reject: self = .reject
        case .reuse: self = .reuse
        }
    }
}

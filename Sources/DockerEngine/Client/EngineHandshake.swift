import FoundationEssentials
import HTTPTransport
import Logging

/// Pings an engine, finds out what it is, and agrees on an API version.
struct EngineHandshake {
    static let pingTimeout: Duration = .seconds(10)
    static let maxPingBytes = 4096
    static let maxVersionBytes = 1 << 20
    static let maxInfoBytes = 4 << 20

    let client: EngineClient
    let apiVersionOverride: String?

    func run() async throws -> EngineInfo {
        let ping = try await ping()
        let version: VersionAnswer = try await get("/version", limit: Self.maxVersionBytes)
        let api = try negotiate(pinged: ping["Api-Version"], version: version)
        let isPodman = ping["Libpod-Api-Version"] != nil
        let details = try await details(api)
        return EngineInfo(
            kind: isPodman ? .podman : .docker,
            version: version.version ?? ping["Libpod-Api-Version"] ?? "unknown",
            apiVersion: api.description,
            id: details?.id ?? "",
            platform: version.platform,
            isRootless: details?.isRootless ?? false,
            rootDirectory: details?.rootDirectory ?? "",
            api: api)
    }

    /// `HEAD` is what the docker command sends; an engine behind a proxy may only answer `GET`.
    private func ping() async throws -> HTTPHeaders {
        let head = try await request("HEAD", "/_ping", limit: Self.maxPingBytes)
        if head.status == 200, head.headers["Api-Version"] != nil { return head.headers }
        let get = try await request("GET", "/_ping", limit: Self.maxPingBytes)
        guard get.status == 200 else {
            throw EngineError(
                kind: .http(get.status), message: "\(client.endpoint): \(EngineErrorBody.message(get.status, get.body))"
            )
        }
        return get.headers
    }

    private func negotiate(pinged: String?, version: VersionAnswer) throws -> APIVersion {
        if let apiVersionOverride {
            guard let fixed = APIVersion(apiVersionOverride) else {
                throw EngineError.unsupported("DOCKER_API_VERSION=\(apiVersionOverride) is no version such as 1.41")
            }
            return fixed
        }
        guard let newest = (pinged ?? version.apiVersion).flatMap({ APIVersion($0) }) else {
            throw EngineError.badAnswer("\(client.endpoint) answers, but does not say which Engine API it speaks")
        }
        let chosen = min(APIVersion.newestSpoken, newest)
        if let oldest = version.minAPIVersion.flatMap({ APIVersion($0) }), chosen < oldest {
            throw EngineError.unsupported(
                "\(client.endpoint) speaks Engine API \(oldest) and newer; this agent speaks up to \(chosen)")
        }
        guard chosen >= APIVersion.oldestSpoken else {
            throw EngineError.unsupported(
                "\(client.endpoint) speaks Engine API \(newest) at most; this agent needs \(APIVersion.oldestSpoken)")
        }
        return chosen
    }

    private func get<Answer: Decodable>(_ path: String, limit: Int) async throws -> Answer {
        let answer = try await request("GET", path, limit: limit, timeout: EngineCall.lookupTimeout)
        guard answer.status == 200 else {
            throw EngineError(
                kind: .http(answer.status), message: EngineErrorBody.message(answer.status, answer.body))
        }
        return try client.decode(Answer.self, answer.body)
    }

    /// Nothing of it is needed to work: a socket proxy may refuse it, and a busy Podman takes longer than we wait.
    private func details(_ api: APIVersion) async throws -> InfoAnswer? {
        do {
            return try await get("/v\(api)/info", limit: Self.maxInfoBytes)
        } catch let error as EngineError {
            client.logger.debug("engine tells no details", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func request(
        _ method: String, _ path: String, limit: Int, timeout: Duration = pingTimeout
    ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
        var request = client.makeRequest(method, path)
        request.responseTimeout = timeout
        request.totalTimeout = timeout
        return try await client.collect(request, limitBytes: limit)
    }
}

/// The part of `GET /version` that is used.
private struct VersionAnswer: Decodable {
    enum CodingKeys: String, CodingKey {
        case version = "Version"
        case apiVersion = "ApiVersion"
        case minAPIVersion = "MinAPIVersion"
        case os = "Os"
        case architecture = "Arch"
    }

    let version: String?
    let apiVersion: String?
    let minAPIVersion: String?
    let os: String?
    let architecture: String?

    var platform: String {
        guard let os, let architecture else { return "" }
        return "\(os)/\(architecture)"
    }
}

/// The part of `GET /info` that is used.
private struct InfoAnswer: Decodable {
    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case rootDirectory = "DockerRootDir"
        case securityOptions = "SecurityOptions"
    }

    let id: String?
    let rootDirectory: String?
    let securityOptions: [String]?

    var isRootless: Bool {
        securityOptions?.contains { $0.split(separator: ",").contains("name=rootless") } ?? false
    }
}

package import HTTPTransport

extension EngineClient {
    /// Builds an image from a context tar that is written into `context` while the build is read.
    ///
    /// On Docker it is built by BuildKit, inside `withBuildSession`. Without a session, base images of registries with logins,
    /// Docker Hub included, must be pulled first (`baseImages(inDockerfile:buildArgs:target:platform:)`, `pullImage`), and
    /// there are no secrets.
    package func build(_ request: BuildRequest, context: HTTPBodyPipe) -> BuildStream {
        BuildStream(client: self, request: request, context: context)
    }

    /// Sends the build and returns at the head of its answer.
    func beginBuild(
        _ request: BuildRequest, context: HTTPBodyPipe
    ) async throws -> (body: HTTPResponseBody, kind: EngineInfo.Kind) {
        // A context can be sent once: so the version must be right the first time.
        let info = try await reconnect()
        let path = "/v\(info.apiVersion)/build" + Self.encode(try request.query(for: info.kind))
        var http = makeRequest("POST", path, body: .stream(context))
        http.headers.set("Content-Type", "application/x-tar")
        if !request.credentials.isEmpty {
            http.headers.set("X-Registry-Config", try RegistryAuth.buildHeader(request.credentials))
        }
        let response = try await send(http)
        if response.status == 200 { return (response.body, info.kind) }
        let message = EngineErrorBody.message(response.status, try await errorBody(of: response))
        if EngineErrorBody.refusesVersion(response.status, message) {
            forgetVersion()
            throw EngineError(kind: .http(response.status), message: message)
        }
        throw BuildFailure(engineText: message, code: nil, step: nil)
    }
}

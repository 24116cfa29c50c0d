import FoundationEssentials
import HTTPTransport

extension EngineClient {
    /// One image by reference or id; nil when the engine does not have it.
    package func inspectImage(_ reference: String) async throws -> ImageSummary? {
        let call = EngineCall(
            method: "GET", path: "/images/\(Self.segment(reference))/json", limitBytes: EngineCall.maxInspectBytes,
            accepted: [404])
        let answer = try await perform(call)
        return answer.status == 404 ? nil : try decode(ImageSummary.self, answer.body)
    }

    /// Images with all the labels; an empty value matches any.
    package func listImages(labels: [String: String]) async throws -> [ImageSummary] {
        let call = EngineCall(
            method: "GET", path: "/images/json", query: [("filters", try Self.filters(labels: labels))],
            limitBytes: EngineCall.maxListBytes)
        return try await perform(call, as: [ImageSummary].self)
    }

    /// Removes an image, or one of its tags; one that is gone is no error.
    ///
    /// One in use throws 409 unless forced.
    package func removeImage(_ reference: String, force: Bool = false) async throws {
        var call = EngineCall(method: "DELETE", path: "/images/\(Self.segment(reference))")
        if force { call.query.append(("force", "1")) }
        call.timeout = Self.changeTimeout
        call.limitBytes = EngineCall.maxInspectBytes
        call.accepted = [404]
        _ = try await perform(call)
    }

    /// Gives an image another name.
    package func tagImage(_ reference: String, repository: String, tag: String) async throws {
        let call = EngineCall(
            method: "POST", path: "/images/\(Self.segment(reference))/tag", query: [("repo", repository), ("tag", tag)])
        _ = try await perform(call)
    }

    /// Pulls an image; returns when the engine has it.
    ///
    /// Throws `ImagePullFailure` when the registry is the reason.
    /// Without a time limit: cancel the task to give up. `progress` is called for every message of the engine.
    package func pullImage(
        _ reference: String, platform: String? = nil, auth: RegistryAuth? = nil,
        progress: @Sendable (PullProgress) -> Void = { _ in }
    ) async throws {
        guard let image = ImageReference(reference) else {
            throw ImagePullFailure(
                kind: .other, reference: reference, message: "\"\(reference)\" is no image reference")
        }
        var call = EngineCall(
            method: "POST", path: "/images/create", query: [("fromImage", image.name), ("tag", image.version)],
            timeout: nil)
        if let platform { call.query.append(("platform", platform)) }
        if let auth { call.headers.append(("X-Registry-Auth", try auth.pullHeader())) }
        let body: HTTPResponseBody
        do {
            body = try await open(call)
        } catch let error as EngineError where error.status != nil {
            throw ImagePullFailure(reference: reference, message: error.message)
        }
        try await readPull(body, reference: reference, progress: progress)
    }

    private func readPull(
        _ body: HTTPResponseBody, reference: String, progress: (PullProgress) -> Void
    ) async throws {
        var splitter = JSONObjectSplitter()
        var failed: ImagePullFailure?
        do {
            for try await bytes in body {
                for object in try splitter.push(bytes) {
                    let message = try BuildMessage(json: object)
                    if let text = message.failureText {
                        failed = ImagePullFailure(reference: reference, message: text)
                    } else if let status = message.status {
                        progress(
                            PullProgress(
                                id: message.id ?? "", status: status, current: message.progress?.current,
                                total: message.progress?.total))
                    }
                }
            }
        } catch {
            // The engine has said why before it broke off.
            throw failed ?? failure(error, streaming: true)
        }
        if let failed { throw failed }
        guard !splitter.isInsideObject else {
            throw EngineError.streamEnded("the engine's pull stream ended inside an object")
        }
    }
}

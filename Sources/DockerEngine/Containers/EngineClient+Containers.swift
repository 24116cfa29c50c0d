import FoundationEssentials

extension EngineClient {
    /// What a wait is for.
    package enum WaitCondition: String, Sendable {
        /// Returns at once for a container that does not run, even one never started.
        case notRunning = "not-running"
        case nextExit = "next-exit"
        case removed
    }

    /// Creating unpacks nothing, but a busy engine is slow; starting sets up networks.
    static let changeTimeout: Duration = .seconds(120)
    /// Beyond the grace time: an engine that has not killed by then is stuck, and somebody waits for this answer.
    static let stopTimeout: Duration = .seconds(15)

    private struct Created: Decodable {
        enum CodingKeys: String, CodingKey {
            case id = "Id"
            case warnings = "Warnings"
        }

        let id: String
        let warnings: [String]?
    }

    /// Creates a container; throws status 404 when the image is missing and 409 when the name is taken.
    ///
    /// When this throws `unavailable(.lost)` or `unavailable(.timeout)`, the container may exist: look it up by name.
    package func createContainer(
        name: String, _ spec: ContainerSpec
    ) async throws -> (id: String, warnings: [String]) {
        do {
            return try await createContainer(name: name, spec, useInit: spec.useInit)
        } catch let error as EngineError where error.status == 500 {
            guard spec.useInit, try await connect().kind == .podman else { throw error }
            // Podman 4 may answer without a message, so only a foreign reason rules the init out.
            guard error.message.lowercased().containsAny("catatonit", "init", "without a message") else { throw error }
            return try await createContainer(name: name, spec, useInit: false)
        }
    }

    private func createContainer(
        name: String, _ spec: ContainerSpec, useInit: Bool
    ) async throws -> (id: String, warnings: [String]) {
        var call = EngineCall(method: "POST", path: "/containers/create", query: [("name", name)])
        if let platform = spec.platform { call.query.append(("platform", platform)) }
        call.json = try Self.json(ContainerCreateBody(spec, useInit: useInit))
        call.timeout = Self.changeTimeout
        let created = try await performCreate(call, as: Created.self)
        return (created.id, created.warnings ?? [])
    }

    /// Starts a created or stopped container; one that runs is no error.
    ///
    /// Throws `ContainerStartFailure` when the engine could not; the container stays and must be removed. With an init, a
    /// command that is missing is none of these: the container starts and ends with 126 or 127.
    package func startContainer(_ id: String) async throws {
        var call = EngineCall(method: "POST", path: "/containers/\(Self.segment(id))/start")
        call.timeout = Self.changeTimeout
        call.accepted = [304]
        do {
            _ = try await perform(call)
        } catch let error as EngineError where error.status == 400 || error.status == 409 || error.status == 500 {
            throw ContainerStartFailure(message: error.message)
        }
    }

    /// Asks a container to end and kills it after the grace time; one that has ended is no error.
    ///
    /// `signal` is heeded by Docker from 23 on; older ones and Podman use the `stopSignal` it was created with.
    package func stopContainer(_ id: String, graceSeconds: Int, signal: String? = nil) async throws {
        let grace = max(0, graceSeconds)
        var call = EngineCall(method: "POST", path: "/containers/\(Self.segment(id))/stop", query: [("t", "\(grace)")])
        if let signal, try await connect().api >= .stopSignal { call.query.append(("signal", signal)) }
        call.timeout = .seconds(grace) + Self.stopTimeout
        call.accepted = [304]
        _ = try await perform(call)
    }

    /// Sends a signal; to a container that does not run is no error.
    package func killContainer(_ id: String, signal: String = "SIGKILL") async throws {
        let call = EngineCall(
            method: "POST", path: "/containers/\(Self.segment(id))/kill", query: [("signal", signal)])
        do {
            _ = try await perform(call)
        } catch let error as EngineError where Self.meansNotRunning(error) {
            return
        }
    }

    /// Makes Podman's 500 for a name that is taken the 409 it is.
    func performCreate<Answer: Decodable>(_ call: EngineCall, as type: Answer.Type) async throws -> Answer {
        do {
            return try await perform(call, as: type)
        } catch let error as EngineError where error.status == 500 {
            guard error.message.containsAny("is already in use", "already exists") else { throw error }
            throw EngineError(kind: .http(409), message: error.message)
        }
    }

    private static func meansNotRunning(_ error: EngineError) -> Bool {
        guard error.status == 409 || error.status == 500 else { return false }
        return error.message.containsAny("is not running", "can only kill running containers", "state improper")
    }

    /// Removes a container and its anonymous volumes; one that is gone or going is no error.
    ///
    /// Without `force` a running one throws (409, Podman 500).
    package func removeContainer(_ id: String, force: Bool) async throws {
        if force, try await connect().kind == .podman {
            // Podman waits its stop timeout even when forced. That there is nothing to kill is fine.
            try? await killContainer(id)
        }
        var call = EngineCall(method: "DELETE", path: "/containers/\(Self.segment(id))", query: [("v", "1")])
        if force { call.query.append(("force", "1")) }
        call.timeout = Self.changeTimeout
        call.accepted = [304, 404]
        do {
            _ = try await perform(call)
        } catch let error as EngineError where error.isConflict && error.message.contains("is already in progress") {
            return
        }
    }

    /// Everything about one container; nil when there is none.
    package func inspectContainer(_ id: String) async throws -> ContainerDetails? {
        let call = EngineCall(
            method: "GET", path: "/containers/\(Self.segment(id))/json", limitBytes: EngineCall.maxInspectBytes,
            accepted: [404])
        let answer = try await perform(call)
        return answer.status == 404 ? nil : try decode(ContainerDetails.self, answer.body)
    }

    /// Containers with all the labels; an empty value matches any.
    ///
    /// `all` includes those that do not run.
    package func listContainers(labels: [String: String], all: Bool) async throws -> [ContainerSummary] {
        var call = EngineCall(method: "GET", path: "/containers/json", limitBytes: EngineCall.maxListBytes)
        if all { call.query.append(("all", "1")) }
        call.query.append(("filters", try Self.filters(labels: labels)))
        return try await perform(call, as: [ContainerSummary].self)
    }

    /// Waits for a container and returns its exit code; without a time limit.
    package func wait(_ id: String, condition: WaitCondition = .notRunning) async throws -> Int {
        struct Answer: Decodable {
            struct Failure: Decodable {
                enum CodingKeys: String, CodingKey { case message = "Message" }

                let message: String?
            }

            enum CodingKeys: String, CodingKey {
                case code = "StatusCode"
                case failure = "Error"
            }

            let code: Int
            let failure: Failure?
        }
        let call = EngineCall(
            method: "POST", path: "/containers/\(Self.segment(id))/wait", query: [("condition", condition.rawValue)],
            timeout: nil)
        let answer = try await perform(call)
        guard !answer.body.isEmpty else {
            throw EngineError.streamEnded("the engine went away while container \(id) was waited for")
        }
        let exit = try decode(Answer.self, answer.body)
        if let message = exit.failure?.message, !message.isEmpty {
            throw EngineError.badAnswer("waiting for container \(id): \(message)")
        }
        return exit.code
    }
}

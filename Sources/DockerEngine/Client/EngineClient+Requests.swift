import FoundationEssentials
import HTTPTransport

/// A whole answer of the engine.
struct EngineAnswer {
    let status: Int
    let body: [UInt8]
}

/// One call: what is asked, for how long to wait, and how much answer to accept.
struct EngineCall {
    /// Enough for a busy engine to look something up.
    static let lookupTimeout: Duration = .seconds(30)
    static let maxSmallBytes = 64 << 10
    static let maxInspectBytes = 4 << 20
    static let maxListBytes = 16 << 20

    var method: String
    /// Without the version, each segment percent-encoded.
    var path: String
    var query: [(name: String, value: String)] = []
    var json: [UInt8]?
    var headers: [(name: String, value: String)] = []
    /// For the whole answer; nil for calls that wait for something to happen.
    var timeout: Duration? = lookupTimeout
    var limitBytes = maxSmallBytes
    /// Statuses besides 2xx that are no error.
    var accepted: Set<Int> = []
}

extension EngineClient {
    /// A request for a path below the endpoint, version included.
    func makeRequest(_ method: String, _ path: String, body: HTTPRequest.Body = .none) -> HTTPRequest {
        let target: HTTPRequest.Target
        switch endpoint.transport {
        case .unix(let path): target = .unixSocket(path: path)
        case .tcp: target = .network
        }
        var request = HTTPRequest(
            method: method, url: endpoint.baseURL + path, headers: HTTPHeaders(), target: target, body: body)
        request.allowedSchemes = ["http"]
        if case .unix = endpoint.transport { request.proxy = .none }
        return request
    }

    /// Sends a call and reads the whole answer; an error status is an error.
    ///
    /// When the engine was replaced by another release, the version is negotiated again, once. The engine refuses a
    /// version before it does anything, so this never does a thing twice.
    func perform(_ call: EngineCall) async throws -> EngineAnswer {
        var renegotiated = false
        while true {
            let info = try await connect()
            var request = makeRequest(call.method, "/v\(info.apiVersion)" + call.path + Self.encode(call.query))
            if let json = call.json {
                request.headers.set("Content-Type", "application/json")
                request.body = .bytes(json)
            }
            for header in call.headers { request.headers.set(header.name, header.value) }
            request.responseTimeout = call.timeout
            request.totalTimeout = call.timeout
            let answer = try await collect(request, limitBytes: call.limitBytes)
            if (200..<300).contains(answer.status) || call.accepted.contains(answer.status) {
                return EngineAnswer(status: answer.status, body: answer.body)
            }
            let message = EngineErrorBody.message(answer.status, answer.body)
            if !renegotiated, EngineErrorBody.refusesVersion(answer.status, message) {
                renegotiated = true
                forgetVersion()
                continue
            }
            throw EngineError(kind: .http(answer.status), message: message)
        }
    }

    func perform<Answer: Decodable>(_ call: EngineCall, as type: Answer.Type) async throws -> Answer {
        try decode(type, try await perform(call).body)
    }

    /// Opens a call whose answer is read as it comes; returns at its head, and throws for an error status.
    func open(_ call: EngineCall) async throws -> HTTPResponseBody {
        var renegotiated = false
        while true {
            let info = try await connect()
            var request = makeRequest(call.method, "/v\(info.apiVersion)" + call.path + Self.encode(call.query))
            for header in call.headers { request.headers.set(header.name, header.value) }
            request.responseTimeout = call.timeout
            let response = try await send(request)
            if (200..<300).contains(response.status) { return response.body }
            let message = EngineErrorBody.message(response.status, try await errorBody(of: response))
            if !renegotiated, EngineErrorBody.refusesVersion(response.status, message) {
                renegotiated = true
                forgetVersion()
                continue
            }
            throw EngineError(kind: .http(response.status), message: message)
        }
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        do {
            return try await http.send(request)
        } catch {
            throw failure(error)
        }
    }

    func collect(
        _ request: HTTPRequest, limitBytes: Int
    ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
        do {
            return try await http.collect(request, limitBytes: limitBytes)
        } catch {
            throw failure(error)
        }
    }

    func errorBody(of response: HTTPResponse) async throws -> [UInt8] {
        do {
            return try await response.body.collect(limitBytes: EngineErrorBody.maxBytes)
        } catch  where error.code == .bodyTooLarge {
            return []
        } catch {
            throw failure(error)
        }
    }

    func decode<Answer: Decodable>(_ type: Answer.Type, _ body: [UInt8]) throws -> Answer {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw EngineError.badAnswer("the engine's answer cannot be read as \(type): \(error)")
        }
    }

    /// `?a=b&c=d`, percent-encoded; empty for no parameters.
    static func encode(_ query: [(name: String, value: String)]) -> String {
        guard !query.isEmpty else { return "" }
        return "?" + query.map { "\($0.name)=\(percentEncode($0.value, allowed: .query))" }.joined(separator: "&")
    }

    /// A name or id as one path segment.
    static func segment(_ text: String) -> String {
        percentEncode(text, allowed: .pathSegment)
    }

    /// A JSON text for a body or a parameter; the keys sorted, so that equal values are equal bytes.
    static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    static func jsonText(_ value: some Encodable) throws -> String {
        String(decoding: try json(value), as: UTF8.self)
    }

    /// `filters` of the list calls: `{"label":["name=value"]}`.
    static func filters(labels: [String: String], others: [String: [String]] = [:]) throws -> String {
        var filters = others
        let terms = labels.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }.sorted()
        if !terms.isEmpty { filters["label"] = terms }
        return try jsonText(filters)
    }
}

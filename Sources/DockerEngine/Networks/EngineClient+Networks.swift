import FoundationEssentials

/// A network of the engine.
package struct NetworkSummary: Sendable, Hashable, Decodable {
    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case driver = "Driver"
        case labels = "Labels"
    }

    package let id: String
    package let name: String
    package let driver: String
    package let labels: [String: String]

    package init(from decoder: any Decoder) throws {
        let answer = try decoder.container(keyedBy: CodingKeys.self)
        id = try answer.decode(String.self, forKey: .id)
        name = try answer.decodeIfPresent(String.self, forKey: .name) ?? ""
        driver = try answer.decodeIfPresent(String.self, forKey: .driver) ?? ""
        labels = try answer.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
    }
}

extension EngineClient {
    private struct NetworkCreateBody: Encodable {
        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case driver = "Driver"
            case labels = "Labels"
            case options = "Options"
            case checkDuplicate = "CheckDuplicate"
        }

        let name: String
        let driver = "bridge"
        let labels: [String: String]
        let options: [String: String]
        /// Docker before 25 otherwise makes a second network of the same name.
        let checkDuplicate = true
    }

    private struct CreatedNetwork: Decodable {
        enum CodingKeys: String, CodingKey { case id = "Id" }

        let id: String
    }

    /// Creates a bridge network and returns its id; throws 409 when the name is taken.
    @discardableResult
    package func createNetwork(
        _ name: String, labels: [String: String], options: [String: String] = [:]
    ) async throws -> String {
        var call = EngineCall(method: "POST", path: "/networks/create")
        call.json = try Self.json(NetworkCreateBody(name: name, labels: labels, options: options))
        call.timeout = Self.changeTimeout
        return try await performCreate(call, as: CreatedNetwork.self).id
    }

    /// Removes a network; one that is gone is no error.
    ///
    /// One in use throws (403 on Docker).
    package func removeNetwork(_ name: String) async throws {
        var call = EngineCall(method: "DELETE", path: "/networks/\(Self.segment(name))")
        call.timeout = Self.changeTimeout
        call.accepted = [404]
        _ = try await perform(call)
    }

    /// A network by name or id; nil when there is none.
    package func inspectNetwork(_ name: String) async throws -> NetworkSummary? {
        let call = EngineCall(
            method: "GET", path: "/networks/\(Self.segment(name))", limitBytes: EngineCall.maxInspectBytes,
            accepted: [404])
        let answer = try await perform(call)
        return answer.status == 404 ? nil : try decode(NetworkSummary.self, answer.body)
    }

    package func networkExists(_ name: String) async throws -> Bool {
        try await inspectNetwork(name) != nil
    }

    /// Networks with all the labels; an empty value matches any.
    package func listNetworks(labels: [String: String]) async throws -> [NetworkSummary] {
        let call = EngineCall(
            method: "GET", path: "/networks", query: [("filters", try Self.filters(labels: labels))],
            limitBytes: EngineCall.maxListBytes)
        return try await perform(call, as: [NetworkSummary].self)
    }
}

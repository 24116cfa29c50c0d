import HTTPTransport
import RunnerConfig
import TestSupport
import Testing

@testable import GitHubSource

@Suite(.sharedGitHub) struct CatalogClientTests {
    private static let web = #"""
        {"apiVersion": "backstage.io/v1alpha1", "kind": "Component",
         "metadata": {"name": "web", "namespace": "default", "annotations": {
           "runner.backstage.io/enabled": "true", "backstage.io/source-location": "url:https://github.com/o/r/tree/main/"}}}
        """#

    /// A namespace of this test's own in the suite's catalog.
    private struct Fixture {
        let server: LoopbackGitHub
        let namespace = "team-\(String(UInt64.random(in: 0 ... .max), radix: 16))"
        let waits = Waits()

        init() throws { server = try #require(SharedGitHub.server) }

        var reference: EntityReference {
            get throws { try EntityReference(kind: "component", namespace: namespace, name: "web") }
        }

        func set(_ json: String = web, suffix: String = ".json") async throws {
            try await server.setEntity(
                "component:\(namespace)/web", to: json.replacing(#""default""#, with: "\"\(namespace)\""),
                suffix: suffix)
        }

        func entity(
            base: String? = nil, token: TokenSource? = .value(Secret(SharedGitHub.catalogToken))
        ) async throws -> CatalogEntity {
            let client = CatalogClient(
                http: HTTPClient(), config: CatalogConfig(baseURL: base ?? server.catalog, tokenSource: token),
                environment: ["NONE": ""], retry: RetryPolicy { [waits] in await waits.add($0) })
            return try await client.entity(reference)
        }

        func requests() throws -> [String] { try server.requests().filter { $0.contains(namespace) } }
    }

    @Test func `finds an entity by its reference and shows the token`() async throws {
        let catalog = try Fixture()
        try await catalog.set()
        let entity = try await catalog.entity()
        #expect(entity.location == "url:https://github.com/o/r/tree/main/")
        #expect(entity.enabled)
        let requests = try catalog.requests()
        #expect(requests.count == 1)
        #expect(requests.first?.contains("/api/catalog/entities/by-name/component/\(catalog.namespace)/web\"") == true)
        #expect(requests.first?.contains("Bearer \(SharedGitHub.catalogToken)") == true)
    }

    @Test func `says that the catalog has no such entity`() async throws {
        let catalog = try Fixture()
        let error = await #expect(throws: SourceError.self) { try await catalog.entity() }
        #expect(error?.code == "SOURCE_UNKNOWN")
        #expect(error?.message.contains("component:\(catalog.namespace)/web") == true)
    }

    @Test func `tells a missing token from a refused one`() async throws {
        let catalog = try Fixture()
        try await catalog.set()
        let none = await #expect(throws: SourceError.self) { try await catalog.entity(token: nil) }
        #expect(none?.code == "UNAUTHORIZED")
        #expect(none?.message.contains("wants a token: Missing credentials") == true)
        let bad = await #expect(throws: SourceError.self) { try await catalog.entity(token: .value(Secret("CANARY"))) }
        #expect(bad?.code == "UNAUTHORIZED")
        #expect(bad?.text.contains("CANARY") == false)
        let unset = await #expect(throws: SourceError.self) {
            try await catalog.entity(token: .environment(name: "NONE"))
        }
        #expect(unset?.code == "UNAUTHORIZED")
        #expect(unset?.message.contains("catalog") == true && unset?.message.contains("NONE") == true)
    }

    @Test(arguments: [
        (
            #"{"status": 403, "body": {"error": {"name": "NotAllowedError", "message": "no CANARY0"}}}"#, "FORBIDDEN",
            "no "
        ),
        (#"{"preset": "html"}"#, "CATALOG_UNAVAILABLE", "web page"),
        (#"{"status": 200, "body": "no json"}"#, "CATALOG_UNAVAILABLE", "no entity"),
        (
            #"{"status": 200, "body": {"kind": "Component", "metadata": {"name": "else"}}}"#, "CATALOG_UNAVAILABLE",
            "else"
        ),
        (#"{"location": "https://login.example/?token=CANARY"}"#, "CATALOG_UNAVAILABLE", "https://login.example"),
        (#"{"status": 404}"#, "CATALOG_UNAVAILABLE", "no catalog"), (#"{"status": 418}"#, "CATALOG_UNAVAILABLE", "418"),
    ])
    func `names the cause of an answer and does not retry it`(
        _ rule: String, _ code: String, _ reason: String
    ) async throws {
        let catalog = try Fixture()
        try await catalog.set("[\(rule)]", suffix: ".behaviour.json")
        let error = await #expect(throws: SourceError.self) { try await catalog.entity() }
        #expect(error?.code == code)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(error?.hint?.isEmpty == false)
        #expect(error?.text.contains("token=CANARY") == false)
        #expect(await catalog.waits.all == [])
        #expect(try catalog.requests().count == 1)
    }

    @Test func `tries again when the catalog stumbles`() async throws {
        let catalog = try Fixture()
        try await catalog.set()
        try await catalog.set(#"[{"status": 503, "times": 2}]"#, suffix: ".behaviour.json")
        #expect(try await catalog.entity().enabled)
        #expect(await catalog.waits.all.count == 2)
    }

    @Test func `gives up when the catalog stays away`() async throws {
        let catalog = try Fixture()
        try await catalog.set(#"[{"status": 502}]"#, suffix: ".behaviour.json")
        let error = await #expect(throws: SourceError.self) { try await catalog.entity() }
        #expect(error?.code == "CATALOG_UNAVAILABLE")
        #expect(error?.retryable == true)
        // No test listens on port 1.
        let absent = await #expect(throws: SourceError.self) { try await catalog.entity(base: "http://127.0.0.1:1") }
        #expect(absent?.code == "NETWORK")
    }

    @Test func `says that a wrong path is not the catalog's`() async throws {
        let catalog = try Fixture()
        try await catalog.set()
        let root = catalog.server.catalog.replacing("/api/catalog", with: "")
        let error = await #expect(throws: SourceError.self) { try await catalog.entity(base: root) }
        #expect(error?.code == "CATALOG_UNAVAILABLE")
        #expect(error?.hint?.contains("/api/catalog") == true)
    }
}

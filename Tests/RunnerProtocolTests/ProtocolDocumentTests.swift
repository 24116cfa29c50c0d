import FoundationEssentials
import Testing

@testable import RunnerProtocol

/// `Protocol/openrpc.json` against the types: what it shows is accepted, and what we write is what it says.
@Suite struct ProtocolDocumentTests {
    private let document: JSONValue

    init() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "/\(root)/Protocol/openrpc.json"))
        document = try JSONReader.parse(Array(data))
    }

    private func schema(_ name: String) throws -> JSONValue {
        try #require(document["components"]?["schemas"]?[name])
    }

    private func properties(_ schema: JSONValue) throws -> Set<String> {
        Set(try #require(schema["properties"]?.objectValue).members.map(\.name))
    }

    private func names(_ message: some WireMessage) throws -> Set<String> {
        var writer = JSONWriter()
        message.write(to: &writer)
        return Set(try #require(try JSONReader.parse(writer.bytes).objectValue).members.map(\.name))
    }

    @Test func `the examples are accepted, by name and by position`() throws {
        let methods = try #require(document["methods"]?.arrayValue)
        #expect(methods.count == ParamsTests.types.count)
        for method in methods {
            let name = try #require(method["name"]?.stringValue)
            let type = try #require(ParamsTests.types.first { $0.method.name == name })
            let example = try #require(method["examples"]?.arrayValue?.first?["params"]?.arrayValue)
            let members = try example.map { param in
                (try #require(param["name"]?.stringValue), try #require(param["value"]))
            }
            let params = JSONObject(members)
            #expect(throws: Never.self, "\(name)") { _ = try type.init(params: .object(params)) }
            let order = try #require(method["params"]?.arrayValue).compactMap { $0["name"]?.stringValue }
            guard name != WireMethod.runnerStart.name else { continue }
            let positional = order.map { params[$0] ?? .null }
            #expect(throws: Never.self, "\(name)") { _ = try type.init(params: .array(positional)) }
        }
    }

    @Test func `the values have the members the schemas name`() throws {
        var failure = FailureMessage(code: .configInvalid, message: "m")
        failure.phase = .building
        failure.hint = "h"
        failure.retryAfterMs = 1
        failure.step = "s"
        failure.exitCode = 1
        failure.oomKilled = false
        failure.lastProbe = "p"
        failure.logTail = ["l"]
        failure.diagnostics = [DiagnosticMessage(line: 1, column: 1, path: "p", message: "m")]
        failure.instanceID = "i"
        #expect(try names(failure) == properties(schema("Failure")))
        #expect(try names(failure.diagnostics[0]) == properties(schema("Diagnostic")))

        var instance = InstanceMessage(
            id: "i", componentRef: "c", status: .error, startedAt: WireTime(nanoseconds: 0),
            source: .directory(path: "/"), revision: 1)
        let required = try #require(try schema("Instance")["required"]?.arrayValue)
        #expect(try names(instance) == Set(required.compactMap(\.stringValue)))
        instance.containerID = "c"
        instance.stoppedAt = WireTime(nanoseconds: 1)
        instance.error = "e"
        instance.phase = .building
        instance.image = ImageMessage(id: "i", isCached: false)
        instance.exitCode = 1
        instance.failure = failure
        instance.isStale = true
        #expect(try names(instance) == properties(schema("Instance")))
    }

    @Test func `the choices are the same`() throws {
        func choices(_ schema: String, _ property: String) throws -> [String] {
            let values = try #require(try self.schema(schema)["properties"]?[property])
            let list = try #require((values["enum"] ?? values["items"]?["enum"])?.arrayValue)
            return list.compactMap(\.stringValue)
        }
        #expect(try choices("Instance", "status") == WireStatus.allCases.map(\.rawValue))
        #expect(try choices("Instance", "phase") == WirePhase.allCases.map(\.rawValue))
        #expect(try choices("Instance", "health") == WireHealth.allCases.map(\.rawValue))
        #expect(try choices("Failure", "phase") == WirePhase.allCases.map(\.rawValue))
        #expect(try choices("runner.logs.params", "phases") == WireLogPhase.allCases.map(\.rawValue))
        #expect(try choices("runner.logs.params", "streams") == WireLogStream.allCases.map(\.rawValue))
        #expect(try choices("runner.list.params", "status") == WireStatus.allCases.map(\.rawValue))
        #expect(try choices("runner.start.params", "wait") == StartParams.Wait.allCases.map(\.rawValue))
        #expect(try choices("runner.start.params", "onExisting") == StartParams.OnExisting.allCases.map(\.rawValue))
        #expect(
            try choices("initialize.params", "onDisconnect") == InitializeParams.OnDisconnect.allCases.map(\.rawValue))
        #expect(try choices("runner.log.end.params", "reason") == LogEndNotification.Reason.allCases.map(\.rawValue))
    }

    @Test(arguments: [
        ("runner.list.params", "limit", "maximum", WireLimits.listPage),
        ("runner.logs.params", "limit", "maximum", WireLimits.logPageRecords),
        ("runner.logs.params", "limit", "default", WireLimits.defaultLogPageRecords),
        ("runner.stop.params", "timeoutSeconds", "maximum", WireLimits.stopTimeoutSeconds),
        ("runner.start.params", "timeoutSeconds", "maximum", WireLimits.startTimeoutSeconds),
        ("runner.start.params", "ttlSeconds", "maximum", WireLimits.ttlSeconds),
        ("runner.start.params", "idempotencyKey", "maxLength", WireLimits.idempotencyKeyBytes),
        ("runner.log.params", "records", "maxItems", WireLimits.recordsPerNotification),
    ])
    func `the limits are the same`(name: String, property: String, bound: String, value: Int) throws {
        #expect(try schema(name)["properties"]?[property]?[bound] == .int(value))
    }
}

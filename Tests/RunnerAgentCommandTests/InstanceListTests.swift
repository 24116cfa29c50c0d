import RunnerProtocol
import Testing

@testable import runner_agent

@Suite struct InstanceListTests {
    /// Newest first, as the agent sends them.
    private let list = InstanceList(instances: [
        Self.instance("aa000000-0000-4000-8000-000000000005", "component:default/api", "error"),
        Self.instance("ab000000-0000-4000-8000-000000000004", "component:default/web", "error"),
        Self.instance("0c000000-0000-4000-8000-000000000003", "component:default/web", "running"),
        Self.instance("0d000000-0000-4000-8000-000000000002", "component:default/web", "stopped"),
        Self.instance("0e000000-0000-4000-8000-000000000001", "component:team/aa000000", "stopped"),
    ])

    private static func instance(_ id: String, _ component: String, _ status: String) -> JSONValue {
        ["id": .string(id), "componentRef": .string(component), "status": .string(status)]
    }

    @Test(arguments: [
        "0d000000-0000-4000-8000-000000000002": "0d", "0d0": "0d", "0D000000": "0d",
        "web": "0c", "default/web": "0c", "component:default/web": "0c", "Component:Default/WEB": "0c",
        "api": "aa", "team/aa000000": "0e", "aa0": "aa",
    ])
    func `finds by id, by component and by the beginning of an id`(text: String, id: String) throws {
        #expect(try list.instance(named: text).id.hasPrefix(id))
    }

    @Test(arguments: ["a", "0"]) func `refuses the beginning of several ids`(text: String) {
        #expect(throws: CommandError.self) { try list.instance(named: text) }
    }

    @Test(arguments: ["", "nothing", "team/web", "component:web2"]) func `refuses what names nothing`(text: String) {
        let error = #expect(throws: CommandError.self) { try list.instance(named: text) }
        #expect(error?.status == .failure)
    }
}

import GitHubSource
import Testing

@Suite struct EntityReferenceTests {
    @Test(arguments: [
        ("component:default/web", "component:default/web"),
        ("Component:Default/Web-App", "component:default/web-app"),
        ("web", "component:default/web"),
        ("team-a/web", "component:team-a/web"),
        ("component:web", "component:default/web"),
        ("api:payments/v1.users_list", "api:payments/v1.users_list"),
        ("component:default/9", "component:default/9"),
    ])
    func `reads full and short forms into the lower-case form`(_ text: String, _ canonical: String) throws {
        #expect(try EntityReference(parsing: text).canonical == canonical)
    }

    @Test func `differs from another reference by nothing but the canonical form`() throws {
        #expect(try EntityReference(parsing: "Web") == EntityReference(parsing: "component:DEFAULT/web"))
    }

    @Test(arguments: [
        "", ":", "/", "component:", "component:default/", "component:/web", ":default/web",
        "component:default/../../etc",
        "component:default/a/b", "component:default/a:b", "component:default/-a", "component:default/a-",
        "9kind:default/a",
        "com-ponent:default/a", "component:de_fault/a", "component:default/a b", "component:default/wéb",
        "component:default/a\n", "component:default/a\u{0}", "component:\(String(repeating: "n", count: 64))/a",
        "component:default/\(String(repeating: "n", count: 64))", String(repeating: "n", count: 10_000),
    ])
    func `refuses what Backstage does not allow`(_ text: String) {
        let error = #expect(throws: SourceError.self) { try EntityReference(parsing: text) }
        #expect(error?.code == "INVALID_ENTITY_REF")
        #expect(error?.hint != nil)
        #expect((error?.message.utf8.count ?? 0) < 400)
    }

    @Test func `takes the longest names`() throws {
        let longest = String(repeating: "n", count: 63)
        #expect(try EntityReference(parsing: "\(longest):\(longest)/\(longest)").canonical.utf8.count == 191)
    }
}

import GitHubSource
import Testing

@Suite struct CatalogEntityTests {
    @Test func `takes what running needs from an entity of the catalogue`() throws {
        let entity = try entity(
            """
            {"apiVersion": "backstage.io/v1alpha1", "kind": "Component",
             "metadata": {"name": "Web", "namespace": "team-a", "uid": "1", "annotations": {
               "runner.backstage.io/enabled": "true", "runner.backstage.io/config-path": "ops/runner.yml",
               "backstage.io/source-location": "url:https://github.com/o/r/tree/main/",
               "backstage.io/managed-by-location": "url:https://github.com/o/r/blob/main/catalog-info.yaml"}},
             "spec": {"type": "website"}}
            """)
        #expect(entity.reference.canonical == "component:team-a/web")
        #expect(entity.enabled)
        #expect(entity.configPath == "ops/runner.yml")
        #expect(try entity.requireLocation() == "url:https://github.com/o/r/tree/main/")
        try entity.requireEnabled()
    }

    @Test func `falls back to the place the catalogue read the entity from`() throws {
        let entity = try entity(
            annotations: #""backstage.io/managed-by-location": "url:https://github.com/o/r/blob/main/c.yaml""#)
        #expect(entity.location == "url:https://github.com/o/r/blob/main/c.yaml")
    }

    @Test(arguments: [
        "", #""runner.backstage.io/enabled": "false""#, #""runner.backstage.io/enabled": true"#,
        #""runner.backstage.io/enabled": "True""#, #""runner.backstage.io/enabled": ["true"]"#,
    ])
    func `is enabled by the string true alone`(_ annotations: String) throws {
        let entity = try entity(annotations: annotations)
        #expect(!entity.enabled)
        let error = #expect(throws: SourceError.self) { try entity.requireEnabled() }
        #expect(error?.code == "NOT_ENABLED")
        #expect(error?.hint?.contains("runner.backstage.io/enabled") == true)
    }

    @Test func `says so when an entity has no location`() throws {
        let entity = try entity(annotations: #""backstage.io/source-location": """#)
        let error = #expect(throws: SourceError.self) { try entity.requireLocation() }
        #expect(error?.code == "SOURCE_UNKNOWN")
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"kind": "Component"}"#, #"{"kind": "Component", "metadata": {"name": 7}}"#,
        #"{"kind": "Component", "metadata": {"name": "../etc"}}"#, "\"\(String(repeating: "x", count: 1 << 20))\"",
    ])
    func `refuses what is no entity`(_ json: String) {
        let error = #expect(throws: SourceError.self) { try CatalogEntity(json: Array(json.utf8)) }
        #expect(error?.code == "INVALID_ENTITY_REF")
    }

    private func entity(_ json: String) throws -> CatalogEntity { try CatalogEntity(json: Array(json.utf8)) }

    private func entity(annotations: String) throws -> CatalogEntity {
        try entity(#"{"kind": "Component", "metadata": {"name": "web", "annotations": {\#(annotations)}}}"#)
    }
}

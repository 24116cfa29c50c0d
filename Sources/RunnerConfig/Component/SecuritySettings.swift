/// What a component's container may do beyond the default; the agent's `allow` decides whether it gets it.
package struct SecuritySettings: Sendable, Hashable {
    /// Canonical names such as `NET_ADMIN`.
    package var capAdd: [String] = []
    package var readOnlyRoot = false

    package init() {}

    static func read(_ field: ConfigField) -> SecuritySettings? {
        guard let mapping = field.mapping(["capAdd", "readOnlyRoot"]) else { return nil }
        var security = SecuritySettings()
        if let value = mapping["capAdd"].flatMap(CapabilityName.list) { security.capAdd = value }
        if let value = mapping["readOnlyRoot"]?.bool() { security.readOnlyRoot = value }
        return security
    }
}

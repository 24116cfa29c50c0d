/// What one inbound line may hold.
package struct InboundLimits: Sendable {
    package var nesting = WireLimits.nesting
    package var batch = WireLimits.batch
    package var idBytes = WireLimits.idBytes

    package init() {}

    package static let standard = InboundLimits()
}

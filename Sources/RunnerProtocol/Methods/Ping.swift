/// `agent.ping`: answered with `{}` at once.
package struct PingParams: EmptyParams, Hashable {
    package static let method = WireMethod.agentPing

    package init() {}
}

/// `rpc.discover`: answered with the OpenRPC document.
package struct DiscoverParams: EmptyParams, Hashable {
    package static let method = WireMethod.rpcDiscover

    package init() {}
}

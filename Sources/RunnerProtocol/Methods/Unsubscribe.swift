/// `runner.unsubscribe`: ends a subscription of this connection.
///
/// Answered with `{}`.
package struct UnsubscribeParams: WireParams, Hashable {
    package static let method = WireMethod.runnerUnsubscribe

    package var subscriptionID: String

    package init(params: JSONValue?) throws(ResponseError) {
        subscriptionID = try ParamsReader(params, positional: ["subscriptionId"]).requiredString("subscriptionId")
    }
}

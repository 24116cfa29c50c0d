/// `runner.remove`: drops a terminal instance with its logs.
///
/// Answered with `{}`.
package struct RemoveParams: WireParams, Hashable {
    package static let method = WireMethod.runnerRemove

    package var instanceID: String

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(params, positional: ["instanceId"])
        try reader.refuseUnknown(["instanceId"])
        instanceID = try reader.requiredString("instanceId")
    }
}

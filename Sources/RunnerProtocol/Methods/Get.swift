/// `runner.get`: one instance.
///
/// Answered with its `Instance`.
package struct GetParams: WireParams, Hashable {
    package static let method = WireMethod.runnerGet

    package var instanceID: String

    package init(params: JSONValue?) throws(ResponseError) {
        instanceID = try ParamsReader(params, positional: ["instanceId"]).requiredString("instanceId")
    }
}

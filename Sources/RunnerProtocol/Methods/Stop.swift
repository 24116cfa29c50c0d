/// `runner.stop`: stops an instance, or cancels its start.
///
/// Answered with the terminal `Instance`.
package struct StopParams: WireParams, Hashable {
    package static let method = WireMethod.runnerStop

    package var instanceID: String
    /// How long the container may take before it is killed.
    package var timeoutSeconds: Int?

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(params, positional: ["instanceId", "timeoutSeconds"])
        try reader.refuseUnknown(["instanceId", "timeoutSeconds"])
        instanceID = try reader.requiredString("instanceId")
        timeoutSeconds = try reader.int("timeoutSeconds", in: 0...WireLimits.stopTimeoutSeconds)
    }
}

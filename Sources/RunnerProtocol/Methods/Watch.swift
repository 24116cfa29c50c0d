/// `runner.watch`: a snapshot, then `runner.instance` on every change.
package struct WatchParams: WireParams, Hashable {
    package static let method = WireMethod.runnerWatch

    package var componentRef: String?
    package var instanceID: String?

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(params, positional: ["componentRef", "instanceId"])
        componentRef = try reader.string("componentRef")
        instanceID = try reader.string("instanceId")
    }
}

package struct WatchResult: WireMessage {
    package var subscriptionID: String
    package var instances: [InstanceMessage]

    package init(subscriptionID: String, instances: [InstanceMessage]) {
        self.subscriptionID = subscriptionID
        self.instances = instances
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("subscriptionId", subscriptionID)
        writer.member("instances", instances)
        writer.endObject()
    }
}

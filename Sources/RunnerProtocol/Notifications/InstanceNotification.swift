/// `runner.instance`: an instance of a watch changed.
package struct InstanceNotification: WireNotification {
    package static let method = WireMethod.runnerInstance

    package var subscriptionID: String
    package var instance: InstanceMessage

    package init(subscriptionID: String, instance: InstanceMessage) {
        self.subscriptionID = subscriptionID
        self.instance = instance
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("subscriptionId", subscriptionID)
        writer.member("instance", instance)
        writer.endObject()
    }
}

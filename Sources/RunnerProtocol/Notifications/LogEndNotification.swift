/// `runner.log.end`: the one last notification of a log subscription.
package struct LogEndNotification: WireNotification, Hashable {
    package static let method = WireMethod.runnerLogEnd

    package enum Reason: String, Sendable, CaseIterable {
        /// The instance is terminal and all its records were sent.
        case ended
        case unsubscribed
        /// The instance was removed.
        case removed
        /// The agent ends; resume with `after`.
        case shutdown
    }

    package var subscriptionID: String
    package var instanceID: String
    package var reason: Reason
    package var nextSeq: Int64

    package init(subscriptionID: String, instanceID: String, reason: Reason, nextSeq: Int64) {
        self.subscriptionID = subscriptionID
        self.instanceID = instanceID
        self.reason = reason
        self.nextSeq = nextSeq
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("subscriptionId", subscriptionID)
        writer.member("instanceId", instanceID)
        writer.member("reason", reason.rawValue)
        writer.member("nextSeq", nextSeq)
        writer.endObject()
    }
}

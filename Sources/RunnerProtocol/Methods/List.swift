/// `runner.list`: the instances, newest first.
package struct ListParams: WireParams, Hashable {
    package static let method = WireMethod.runnerList

    package var componentRef: String?
    /// Nil means every status.
    package var status: [WireStatus]?
    package var limit: Int?
    /// `nextCursor` of the page before.
    package var cursor: String?

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(params, positional: ["componentRef", "status", "limit", "cursor"])
        componentRef = try reader.string("componentRef")
        status = try reader.choices("status", as: WireStatus.self)
        limit = try reader.int("limit", in: 1...WireLimits.listPage)
        cursor = try reader.string("cursor")
    }
}

package struct ListResult: WireMessage {
    package var instances: [InstanceMessage]
    /// Absent on the last page.
    package var nextCursor: String?

    package init(instances: [InstanceMessage], nextCursor: String? = nil) {
        self.instances = instances
        self.nextCursor = nextCursor
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("instances", instances)
        writer.member("nextCursor", nextCursor)
        writer.endObject()
    }
}

/// `runner.list`: the instances, newest first.
package struct ListParams: WireParams, Hashable {
    package static let method = WireMethod.runnerList

    package var componentRef: String?
    /// Nil means every status.
    package var status: [WireStatus]?
    package var limit: Int?
    /// `nextCursor` of the page before.
    package var cursor: String?

    /// All of them.
    package init() {}

    package init(params: JSONValue?) throws(ResponseError) {
        let reader = try ParamsReader(params, positional: ["componentRef", "status", "limit", "cursor"])
        componentRef = try reader.string("componentRef")
        status = try reader.choices("status", as: WireStatus.self)
        limit = try reader.int("limit", in: 1...WireLimits.listPage)
        cursor = try reader.string("cursor")
    }
}

package struct ListResult: WireMessage {
    /// Each an ``InstanceMessage`` that was encoded before.
    package var instances: [[UInt8]]
    /// Absent on the last page.
    package var nextCursor: String?

    package init(instances: [[UInt8]], nextCursor: String? = nil) {
        self.instances = instances
        self.nextCursor = nextCursor
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("instances")
        writer.array(instances) { $0.raw($1) }
        writer.member("nextCursor", nextCursor)
        writer.endObject()
    }
}
